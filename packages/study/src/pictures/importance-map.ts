import type { TaskImportance } from '../explain/permutation-importance.ts';
import { rankedFeatures } from '../report/explanation-tables.ts';
import type { Picture } from './picture.ts';
import { color } from './theme.ts';

const CELL = { width: 96, height: 24 };
/** The largest number of features in the picture. */
const MOST = 40;

/** The importance of features × tasks. The color is relative to the largest drop of the task. */
export function importanceMap(importance: Readonly<Record<string, TaskImportance>>): Picture {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  const names = tasks.map(([task]) => task);
  const shown = rankedFeatures(importance).slice(0, MOST);
  const values = tasks.flatMap(([task, { features }]) => {
    const most = Math.max(...features.map(({ drop }) => drop));
    return features
      .filter(({ feature }) => shown.includes(feature))
      .map(({ feature, drop }) => ({
        ...{ task, feature, text: drop.toFixed(4) },
        share: most > 0 ? Math.max(0, drop / most) : 0,
      }));
  });
  const axis = { title: null, ticks: false, domain: false, labelColor: color('ink') };
  return {
    name: 'importance',
    caption:
      'How much worse the metric of a task gets when a feature has the values of other rows; ' +
      'color: relative to the most important feature of the task',
    spec: {
      width: CELL.width * names.length,
      height: CELL.height * shown.length,
      data: { values },
      encoding: {
        x: {
          field: 'task',
          type: 'nominal',
          sort: names,
          scale: { domain: names },
          axis: { ...axis, orient: 'top', labelAngle: 0 },
        },
        y: { field: 'feature', type: 'nominal', sort: shown, scale: { domain: shown }, axis },
      },
      layer: [
        {
          mark: { type: 'rect', stroke: color('line'), strokeWidth: 1, cornerRadius: 2, fill: color('accent') },
          encoding: {
            fillOpacity: {
              field: 'share',
              type: 'quantitative',
              scale: { domain: [0, 1], range: [0.02, 0.75] },
              legend: null,
            },
          },
        },
        { mark: { type: 'text', fontSize: 11.5, color: color('ink') }, encoding: { text: { field: 'text' } } },
      ],
    },
  };
}
