import { expect, test } from 'vitest';
import { modelVariants } from '../models/model-variant.ts';
import { weightsToTry } from './task-weights.ts';
import { whatToTry } from './what-to-try.ts';

test('equal weights first, four draws a task beyond the first, of mean 1 and no further apart than 25 times', () => {
  for (const tasks of [
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd', 'e'],
  ]) {
    const [equal, ...draws] = weightsToTry(tasks);
    expect(equal).toEqual(Object.fromEntries(tasks.map((task) => [task, 1])));
    expect(draws).toHaveLength(4 * (tasks.length - 1));
    expect(new Set(draws.map((draw) => JSON.stringify(draw))).size).toBe(draws.length);
    for (const draw of draws) {
      const values = Object.values(draw);
      expect(Object.keys(draw)).toEqual(tasks);
      expect(values.reduce((a, b) => a + b) / tasks.length).toBeCloseTo(1, 2);
      expect(Math.max(...values) / Math.min(...values)).toBeLessThan(25.5);
    }
    for (const task of tasks) expect(new Set(draws.map((draw) => draw[task]! > 1)).size).toBe(2); // more than its share, and less
  }
  expect(weightsToTry(['alone'])).toEqual([{ alone: 1 }]);
});

test('weights are tried under the configuration of the plain sum, in full, whatever the suite searches', () => {
  const [plain] = modelVariants(['adatt']);
  const tuned = { ...plain!, label: 'adatt + tuned-weights', tunedFrom: 'adatt' };
  const weights = weightsToTry(['a', 'b']);
  const options = {
    declaration: { method: 'halving', trials: 4, space: { learningRate: { from: 0.1, to: 1 } } },
    tasks: ['a', 'b'],
    epochs: 8,
    chosen: new Map([['adatt', { learningRate: 0.2 }]]),
  } as const;
  expect(whatToTry(tuned, options)).toEqual({
    candidates: weights.map((taskWeights) => ({ learningRate: 0.2, taskWeights })),
    rounds: [{ candidates: 5, epochs: 8 }],
  });
  expect(whatToTry(tuned, { ...options, declaration: undefined, chosen: new Map() })!.candidates).toEqual(
    weights.map((taskWeights) => ({ taskWeights })),
  );
  expect(whatToTry(plain!, options)!.candidates).toHaveLength(4);
  expect(whatToTry(plain!, { ...options, declaration: undefined })).toBeUndefined();
});
