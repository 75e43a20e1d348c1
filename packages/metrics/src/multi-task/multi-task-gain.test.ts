import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { multiTaskGain } from './multi-task-gain.ts';

test('the sign makes better positive, per task and in the mean', () => {
  const gain = multiTaskGain(
    { a: 0.9, b: 0.5, c: 3 },
    { a: 0.75, b: 0.4, c: 4 },
    { a: 'higher', b: 'lower', c: 'lower' },
  );
  expect(gain.perTask.a).toBeCloseTo(0.2, 14);
  expect(gain.perTask.b).toBeCloseTo(-0.25, 14);
  expect(gain.perTask.c).toBeCloseTo(0.25, 14);
  expect(gain.mean).toBeCloseTo(0.2 / 3, 14);
});

test('takes lists too, and one direction for all', () => {
  const gain = multiTaskGain([0.5, 1], [1, 2], 'lower');
  expect(gain).toEqual({ perTask: [0.5, 0.5], mean: 0.5 });
  expect(Array.isArray(gain.perTask)).toBe(true);
  expect(multiTaskGain([0.5, 1], [1, 2], ['lower', 'higher'])).toEqual({ perTask: [0.5, -0.5], mean: 0 });
});

test('keeps the names of tasks in its type', () => {
  const { perTask } = multiTaskGain({ income: 0.9, marital: 0.8 }, { income: 0.8, marital: 0.8 }, 'higher');
  expectTypeOf(perTask).toEqualTypeOf<{ income: number; marital: number }>();
  // @ts-expect-error a task of the model is missing in the baseline
  expect(() => multiTaskGain({ a: 1, b: 2 }, { a: 1 }, 'higher')).toThrow(
    'got baseline for tasks [a]; expected the tasks of the model: [a, b]',
  );
});

test('a baseline below 0 keeps the sign of better', () => {
  expect(multiTaskGain([-1], [-2], 'higher').mean).toBe(0.5);
  expect(multiTaskGain([-1], [-2], 'lower').mean).toBe(-0.5);
});

test('compared with itself a model gains nothing; turning all directions turns the gain', () => {
  const value = fc.double({ min: 0.01, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 }), (pairs) => {
      const [model, baseline] = [pairs.map(([m]) => m), pairs.map(([, b]) => b)];
      expect(multiTaskGain(model, model, 'higher').mean).toBe(0);
      expect(multiTaskGain(model, baseline, 'lower').mean).toBeCloseTo(
        -multiTaskGain(model, baseline, 'higher').mean,
        12,
      );
    }),
  );
});

test('an undefined value makes its task and the mean undefined, no other task', () => {
  expect(multiTaskGain({ a: NaN, b: 2 }, { a: 1, b: 1 }, 'higher')).toEqual({ perTask: { a: NaN, b: 1 }, mean: NaN });
  expect(multiTaskGain([1, 2], [0, 1], 'higher')).toEqual({ perTask: [NaN, 1], mean: NaN });
});

test.each<[string, () => unknown, string]>([
  ['no tasks', () => multiTaskGain({}, {}, 'higher'), 'an object without tasks'],
  ['another task', () => multiTaskGain({ a: 1 }, { b: 1 } as never, 'higher'), 'baseline for tasks [b]'],
  ['a longer list', () => multiTaskGain([1], [1, 2] as never, 'higher'), 'baseline for tasks [0, 1]'],
  ['no directions', () => multiTaskGain({ a: 1 }, { a: 1 }, undefined as never), 'undefined for directions'],
  [
    'a direction too few',
    () => multiTaskGain({ a: 1, b: 1 }, { a: 1, b: 1 }, { a: 'higher' } as never),
    'directions for tasks [a]',
  ],
  ['an unknown direction', () => multiTaskGain({ a: 1 }, { a: 1 }, { a: 'up' } as never), 'directions["a"] = "up"'],
  ['an infinite value', () => multiTaskGain({ a: Infinity }, { a: 1 }, 'higher'), 'model["a"] = Infinity'],
  ['text', () => multiTaskGain({ a: 1 }, { a: '1' } as never, 'higher'), 'baseline["a"] = "1"'],
])('refuses %s', (_, call, received) => {
  expect(call).toThrow(`multiTaskGain: got ${received}`);
});
