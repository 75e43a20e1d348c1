import { expect, test } from 'vitest';
import { count } from '../kinds/index.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { regression } from '../tasks/regression.ts';
import type { Calibrated, Task } from '../tasks/tasks.ts';
import { decisionsOf } from './decisions.ts';

const decided = (task: Task, calibrated: Calibrated, scores: readonly number[], row = 0) =>
  Object.fromEntries(decisionsOf({ ...task, calibrated }).map(({ name, of }) => [name, of(scores, row)]));
const interval = (margin: number) => ({ interval: { level: 0.9, margin } });

test('intervals of numbers are in the unit of the label, symmetric where labels are encoded', () => {
  const price = { ...regression(), fitted: { mean: 10, deviation: 4 } };
  expect(decided(price, interval(0.5), [1, 12], 1)).toEqual({ low: 10, high: 14 });
  const skewed = { ...regression({ log: true }), fitted: { mean: 2, deviation: 0.5 } };
  const { low, high } = decided(skewed, interval(2), [Math.E ** 3 - 1]);
  expect([Math.log1p(low as number), Math.log1p(high as number)]).toEqual([expect.closeTo(2, 9), expect.closeTo(4, 9)]);
  const visits = { ...count(), fitted: { mean: 2, deviation: 1, rate: 1 } };
  expect(decided(visits, interval(1.5), [1])).toEqual({ low: 0, high: 4 }); // no count is below 0
});

test('sets have the likely classes, and always the likeliest', () => {
  const kind = multiclass({ classes: ['a', 'b', 'c'] });
  expect(decided(kind, interval(0.75), [0, 0, 1, 0.5, 0.25, 0.25], 1)).toEqual({ set: ['a', 'b', 'c'] });
  expect(decided(kind, interval(0.75), [0.5, 0.3, 0.2])).toEqual({ set: ['a', 'b'] });
  expect(decided(kind, interval(0.1), [0.5, 0.3, 0.2])).toEqual({ set: ['a'] });
  expect(decided(binary(), interval(0.6), [0.5])).toEqual({ set: ['no', 'yes'] });
  expect(decided(binary(), interval(0.6), [0.3])).toEqual({ set: ['no'] });
});

test('a decision is yes from the threshold on; without anything, nothing follows', () => {
  const threshold = { at: 0.3, rule: { kind: 'threshold', name: 'f1', config: {} } } as const;
  expect(decided(binary(), { threshold }, [0.3])).toEqual({ decision: 'yes' });
  expect(decided(binary(), { threshold }, [0.29])).toEqual({ decision: 'no' });
  expect(decisionsOf(binary())).toEqual([]);
});
