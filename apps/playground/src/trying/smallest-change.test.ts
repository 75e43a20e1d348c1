import { expect, it } from 'vitest';
import type { Control, Value } from './example-rows.ts';
import { smallestChanges } from './smallest-change.ts';

const controls: readonly Control[] = [
  { kind: 'number', name: 'age', least: 0, most: 100, step: 1 },
  { kind: 'number', name: 'hours', least: 0, most: 10, step: 0.1 },
  { kind: 'text', name: 'state', choices: ['a', 'b', 'c'] },
];

/** 0.01 · age + 0.02 · hours, and 0.6 more in state c. */
const score = ([age, hours, state]: readonly Value[]) =>
  0.01 * Number(age) + 0.02 * Number(hours) + (state === 'c' ? 0.6 : state === 'b' ? 0.1 : 0);
const ask = (row: readonly Value[], threshold: number) =>
  smallestChanges({ controls, row, threshold, scores: (rows) => rows.map(score) });

it('finds the first step over the threshold, on a slope that says which one it is', () => {
  const { now, over } = ask([30, 1, 'a'], 0.505);
  expect(now).toBeCloseTo(0.32, 10);
  // age 48 gives .50, and 49 gives .51; ten hours give .50 at most; state c gives .92, and b gives .42
  expect(over.map(({ feature, from, to, distance }) => [feature, from, to, distance])).toEqual([
    ['age', 30, 49, 0.19],
    ['state', 'a', 'c', 1],
  ]);
  expect(over[0]!.score).toBeCloseTo(0.51, 10);
});

it('goes to below the threshold from above, with decimals of the step', () => {
  const { over } = ask([48, 4.9, 'a'], 0.5);
  expect(over.map(({ feature, to }) => [feature, to])).toEqual([
    ['age', 40],
    ['hours', 0.9],
  ]);
  expect(over.every((change) => change.score < 0.5)).toBe(true);
});

it('names the change that moves the score most, if none crosses', () => {
  const { over, strongest } = ask([30, 1, 'a'], 2);
  expect(over).toEqual([]);
  expect(strongest).toMatchObject({ feature: 'age', to: 100 });
  expect(strongest!.score).toBeCloseTo(1.02, 10);
  expect(ask([0, 0, 'a'], -1).strongest).toBeUndefined(); // nothing is lower
});

it('takes any value in place of a missing one as a whole change', () => {
  const { over } = ask([null, 1, 'a'], 0.5);
  expect(over[0]).toMatchObject({ feature: 'age', from: null, distance: 1 });
});

it('applied, each change gives the score that it promises', () => {
  const row: Value[] = [12, 3, 'b'];
  for (const { feature, to, score: promised } of ask(row, 0.4).over) {
    const at = controls.findIndex(({ name }) => name === feature);
    expect(score(row.with(at, to))).toBe(promised);
  }
});
