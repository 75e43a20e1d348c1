import { expect, test } from 'vitest';
import { boost, type BoostOptions } from './index.ts';
import { Sampler } from './sampling.ts';
import { madeTable } from './testing/tables.ts';

const { columns, number: labels } = madeTable(1, 400);
const options: BoostOptions = { objective: 'regression', columns, labels, numIterations: 12, numLeaves: 8 };
const sampled = { ...options, baggingFraction: 0.6, featureFraction: 0.34 };
const SAMPLING = { baggingFraction: 0.25, baggingFreq: 1, featureFraction: 0.5, seed: 3 };

test('each tree has the share of the rows and of the columns', () => {
  for (const { count, column } of boost(sampled).toJSON().trees) {
    expect(count.reduce((sum, each) => sum + each)).toBe(240);
    expect(new Set(column).size).toBeLessThanOrEqual(2);
  }
  const used = new Set(
    boost(sampled)
      .toJSON()
      .trees.flatMap(({ column }) => column),
  );
  expect(used.size).toBe(6);
});

test('a seed chooses, and without a share less than 1 it has no effect', () => {
  const of = (more: Partial<BoostOptions>) => JSON.stringify(boost({ ...sampled, ...more }));
  expect(of({ seed: 5 })).toBe(of({ seed: 5 }));
  expect(of({ seed: 5 })).not.toBe(of({ seed: 6 }));
  expect(JSON.stringify(boost({ ...options, seed: 5 }))).toBe(JSON.stringify(boost(options)));
});

test.each(['regression', 'mae'] as const)(
  'rows outside the sample have the scores of the trees: %s goes on as one training',
  (objective) => {
    const more = { ...sampled, objective, baggingFreq: 2 };
    const first = boost({ ...more, numIterations: 5 });
    expect(boost({ ...more, initModel: first, numIterations: 7 }).toJSON()).toEqual(boost(more).toJSON());
  },
);

test('rows are chosen with equal probability, in another way after each baggingFreq rounds, and columns for each tree', () => {
  const sampler = new Sampler({ rows: 40, columns: 8 }, { ...SAMPLING, baggingFreq: 2 });
  const times = new Uint32Array(40);
  for (let round = 0; round < 4000; round += 2) {
    const [one, two] = [sampler.sample(round, 0), sampler.sample(round + 1, 0)];
    expect(two.rows).toBe(one.rows);
    expect([one.rows!.length, one.columns!.length]).toEqual([10, 4]);
    one.rows!.forEach((row) => times[row]!++);
  }
  // 2,000 draws with probability 1/4: a standard deviation of 19
  expect(Math.min(...times)).toBeGreaterThan(420);
  expect(Math.max(...times)).toBeLessThan(580);
  const columnsOf = (round: number, output: number) => sampler.sample(round, output).columns!.join();
  expect(new Set([0, 1, 2, 3, 4].map((round) => columnsOf(round, 0))).size).toBeGreaterThan(2);
  expect(new Set([0, 1, 2, 3, 4].map((output) => columnsOf(0, output))).size).toBeGreaterThan(2);
  expect(new Sampler({ rows: 3, columns: 3 }, { ...SAMPLING, baggingFraction: 0.01 }).sample(0, 0).rows).toHaveLength(
    1,
  );
});
