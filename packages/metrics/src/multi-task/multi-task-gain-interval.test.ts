import { expect, expectTypeOf, test } from 'vitest';
import { bootstrapDifference } from '../statistics/bootstrap-interval.ts';
import { counterRandom } from '../statistics/counter-random.ts';
import { meanInterval, type MeanInterval } from '../statistics/mean-interval.ts';
import { multiTaskGain, multiTaskGainInterval } from './multi-task-gain.ts';

const model = { income: [0.95, 0.94, 0.96], age: [4.6, 4.9, 4.5] };
const baseline = { income: [0.94, 0.93, 0.93], age: [5, 5, 4.8] };
const directions = { income: 'higher', age: 'lower' } as const;

test('is the t and the bootstrap interval of the gains of the seeds', () => {
  const gains = [0, 1, 2].map((s) =>
    multiTaskGain(
      { income: model.income[s]!, age: model.age[s]! },
      { income: baseline.income[s]!, age: baseline.age[s]! },
      directions,
    ),
  );
  const found = multiTaskGainInterval(model, baseline, directions, { confidence: 0.9, resamples: 200 });
  const means = gains.map(({ mean }) => mean);
  expect(found.seeds).toEqual(means);
  expect(found.mean).toEqual(meanInterval(means, { confidence: 0.9 }));
  expect(found.perTask.age).toEqual(
    meanInterval(
      gains.map(({ perTask }) => perTask.age),
      { confidence: 0.9 },
    ),
  );
  expect(found.bootstrap).toEqual(
    bootstrapDifference(means, [0, 0, 0], { confidence: 0.9, resamples: 200, random: counterRandom(0) }),
  );
  expect(found.seeds[0]).toBeCloseTo((0.01 / 0.94 + 0.4 / 5) / 2, 14);
});

test('keeps the names of tasks in its type', () => {
  expectTypeOf(multiTaskGainInterval(model, baseline, 'higher').perTask).toEqualTypeOf<
    Readonly<Record<'income' | 'age', MeanInterval>>
  >();
});

test('pairs of seeds: what both share is no spread', () => {
  const shared = multiTaskGainInterval({ a: [1.1, 2.2, 3.3] }, { a: [1, 2, 3] }, 'higher');
  expect(shared.mean.mean).toBeCloseTo(0.1, 14);
  expect(shared.mean.high - shared.mean.low).toBeLessThan(1e-14);
});

test('one seed has no bounds, an undefined value no gain', () => {
  expect(multiTaskGainInterval({ a: [2] }, { a: [1] }, 'higher')).toMatchObject({
    seeds: [1],
    mean: { mean: 1, low: NaN },
    bootstrap: { estimate: 1, low: NaN },
  });
  expect(multiTaskGainInterval({ a: [2, NaN] }, { a: [1, 1] }, 'higher').mean.mean).toBeNaN();
  expect(multiTaskGainInterval({ a: [2, 2] }, { a: [1, 0] }, 'higher').bootstrap.low).toBeNaN();
});

test.each<[() => unknown, string]>([
  [
    () => multiTaskGainInterval({ a: [1, 2] }, { a: [1] }, 'higher'),
    'multiTaskGainInterval: got 1 values of "a"; expected 2, one a seed',
  ],
  [
    () => multiTaskGainInterval({ a: [] }, { a: [] }, 'higher'),
    'multiTaskGainInterval: got 0 values of "a"; expected one value a seed',
  ],
  [
    () => multiTaskGainInterval({ a: [1], b: [1, 2] }, { a: [1], b: [1, 2] }, 'higher'),
    'got 2 values of "b"; expected 1, one a seed',
  ],
  [() => multiTaskGainInterval({ a: [1] }, { b: [1] } as never, 'higher'), 'multiTaskGain: got baseline for tasks [b]'],
  [
    () => multiTaskGainInterval({ a: [1, 2] }, { a: [1, 2] }, 'higher', { resamples: 0 }),
    'Expected a whole number of 1 or more for multiTaskGainInterval.resamples, received 0',
  ],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
