/** Every distribution over a grid, against SciPy. */
import { expect, test } from 'vitest';
import { expectClose } from '../testing/expect-close.ts';
import { scipyValues } from '../testing/scipy-values.ts';
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';
import { fQuantile, fTail } from './f-distribution.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { studentizedRangeQuantile, studentizedRangeTail } from './studentized-range.ts';
import { studentTQuantile, studentTTail } from './student-t.ts';

/** The function of each table of the file, and the relative error that is allowed. */
const functions: Record<string, readonly [(...args: number[]) => number, number]> = {
  normal: [(z) => normalCdf(z!), 1e-12],
  normalQuantile: [(p) => normalQuantile(p!), 1e-12],
  chiSquareTail: [(x, k) => chiSquareTail(x!, k!), 1e-12],
  chiSquareQuantile: [(p, k) => chiSquareQuantile(p!, k!), 1e-12],
  fTail: [(f, a, b) => fTail(f!, a!, b!), 1e-11],
  fQuantile: [(p, a, b) => fQuantile(p!, a!, b!), 1e-11],
  studentTTail: [(t, k) => studentTTail(t!, k!), 1e-11],
  studentTQuantile: [(p, k) => studentTQuantile(p!, k!), 1e-10],
  studentizedRangeTail: [(q, k) => studentizedRangeTail(q!, k!), 1e-9],
  studentizedRangeQuantile: [(p, k) => studentizedRangeQuantile(p!, k!), 1e-9],
};

test('no table is left out', () => {
  expect(Object.keys(functions).sort()).toEqual(Object.keys(scipyValues.distributions).sort());
});

test.each(Object.entries(functions))('%s', (name, [value, relative]) => {
  for (const row of scipyValues.distributions[name]!) expectClose(value(...row.slice(0, -1)), row.at(-1)!, relative);
});

test('what is known in closed form', () => {
  for (const x of [0.001, 0.5, 3, 40, 600]) expectClose(chiSquareTail(x, 2), Math.exp(-x / 2), 1e-12);
  for (const f of [0.2, 1, 9]) expectClose(fTail(f, 1, 5), studentTTail(Math.sqrt(f), 5), 1e-13);
  expectClose(fQuantile(1e-12, 1, 1), Math.tan((Math.PI / 2) * 1e-12) ** 2, 1e-11); // SciPy has four digits here
  for (const q of [0.1, 2, 5]) expectClose(studentizedRangeTail(q, 2), 2 * normalCdf(-q / Math.SQRT2), 1e-12);
  for (const z of [0.1, 1, 6]) expectClose(chiSquareTail(z * z, 1), 2 * normalCdf(-z), 1e-13);
});

test('the ends', () => {
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalQuantile(0.5)]).toEqual([0, 1, 0]);
  expect([chiSquareTail(0, 3), chiSquareTail(Infinity, 3)]).toEqual([1, 0]);
  expect([fTail(0, 2, 3), fTail(Infinity, 2, 3)]).toEqual([1, 0]);
  expect(studentizedRangeTail(0, 4)).toBeCloseTo(1, 12);
  expect(studentizedRangeTail(Infinity, 4)).toBe(0);
});

test.each<[() => unknown, string]>([
  [() => normalCdf(NaN), 'normalCdf: got z = NaN; expected a number'],
  [() => normalQuantile(0), 'normalQuantile: got p = 0; expected a number between 0 and 1'],
  [() => chiSquareTail(-1, 2), 'chiSquareTail: got x = -1; expected a number >= 0'],
  [() => chiSquareTail(1, 0), 'chiSquareTail: got 0 degrees of freedom'],
  [() => chiSquareQuantile(1, 2), 'chiSquareQuantile: got p = 1'],
  [() => chiSquareQuantile(0.5, NaN), 'chiSquareQuantile: got NaN degrees of freedom'],
  [() => fTail(NaN, 1, 2), 'fTail: got f = NaN'],
  [() => fTail(1, 1, Infinity), 'fTail: got Infinity degrees of freedom'],
  [() => fQuantile(0.5, -1, 2), 'fQuantile: got -1 degrees of freedom'],
  [() => studentizedRangeTail(-1, 3), 'studentizedRangeTail: got q = -1'],
  [() => studentizedRangeTail(1, 1), 'studentizedRangeTail: got 1 groups; expected a whole number from 2 to 200'],
  [() => studentizedRangeQuantile(0.95, 201), 'studentizedRangeQuantile: got 201 groups'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
