import type { TaskImportance } from '../explain/permutation-importance.ts';
import { rankedFeatures } from '../report/explanation-tables.ts';
import { heatMap } from './heat-map.ts';
import { type Picture, pictureOf } from './picture.ts';

/** The largest number of features in the picture. */
const MOST = 40;

/** The importance of features × tasks. The color is relative to the largest drop of the task. */
export function importanceMap(importance: Readonly<Record<string, TaskImportance>>): Picture {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  const rows = rankedFeatures(importance).slice(0, MOST);
  const columns = tasks.map(([task]) => task);
  return pictureOf(
    'importance',
    'How much worse the metric of a task gets when a feature has the values of other rows; ' +
      'color: relative to the most important feature of the task',
    heatMap({
      ...{ rows, columns, cellSize: { width: 96, height: 24 } },
      cell(r, c) {
        const [task, { features }] = tasks[c]!;
        const most = Math.max(...features.map(({ drop }) => drop));
        const { drop } = features.find(({ feature }) => feature === rows[r])!;
        const text = drop.toFixed(4);
        return {
          text,
          share: most > 0 ? Math.max(0, drop / most) : 0,
          tip: `${task} loses ${text} without ${rows[r]}`,
        };
      },
    }),
  );
}
