import { friedmanTest } from '../statistics/friedman-test.ts';
import type { ModelRanks } from './comparison.ts';
import { sharedSeeds } from './compare-task.ts';
import type { BySeed, ReadRuns } from './read-runs.ts';

/** Ranks of all models over the tasks and seeds that all of them have. */
export const rankModels = ({ models, tasks, values }: ReadRuns, confidence: number): ModelRanks<string> => {
  const blocks = [...tasks].flatMap(([task, direction]) => {
    const columns = models.map((model) => values(model, task));
    const seeds = columns.reduce<BySeed>(
      (common, column) => new Map(sharedSeeds(common, column).map((seed) => [seed, 0])),
      columns[0]!,
    );
    return [...seeds.keys()].map((seed) =>
      columns.map((column) => (direction === 'higher' ? 1 : -1) * column.get(seed)!),
    );
  });
  if (blocks.length === 0) {
    return {
      average: Object.fromEntries(models.map((model) => [model, NaN])),
      blocks: 0,
      pValue: NaN,
      criticalDifference: NaN,
    };
  }
  const { averageRanks, blocks: ranked, fPValue, criticalDifference } = friedmanTest(blocks, 'higher', { confidence });
  return {
    average: Object.fromEntries(models.map((model, m) => [model, averageRanks[m]!])),
    blocks: ranked,
    pValue: fPValue,
    criticalDifference,
  };
};
