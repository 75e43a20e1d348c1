import type { TaskImportance } from '../../explain/permutation-importance.ts';
import { heatMap } from './heat-map.ts';
import { type Picture, drawPicture } from './picture.ts';

/** The largest number of features in the picture. */
const MOST = 40;

/** The importance of features × tasks. The color is relative to the largest drop of the task. */
export function importanceMap(importance: Readonly<Record<string, TaskImportance>>): Picture {
  const tasks = Object.entries(importance).filter(([, { value }]) => !Number.isNaN(value));
  const rows = rankedFeatures(importance).slice(0, MOST);
  const columns = tasks.map(([task]) => task);
  return drawPicture(
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

/** The features, the most important one first. The drops of a task count relative to the largest of the task. */
export function rankedFeatures(importance: Readonly<Record<string, TaskImportance>>): string[] {
  const totals = new Map<string, number>();
  for (const { features } of Object.values(importance)) {
    const most = Math.max(...features.map(({ drop }) => drop));
    if (!(most > 0)) continue;
    for (const { feature, drop } of features) totals.set(feature, (totals.get(feature) ?? 0) + drop / most);
  }
  const [first] = Object.values(importance);
  return (first?.features ?? [])
    .map(({ feature }) => feature)
    .sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
}
