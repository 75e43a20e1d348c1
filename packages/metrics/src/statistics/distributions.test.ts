import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import {
  chiSquareQuantile,
  chiSquareTail,
  fQuantile,
  fTail,
  invert,
  normalCdf,
  normalQuantile,
  studentTQuantile,
  studentTTail,
} from './distributions.ts';
import { studentizedRangeQuantile, studentizedRangeTail } from './friedman-test.ts';

/** Every distribution over a grid, against SciPy. */

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

const distributions: Readonly<Record<string, number[][]>> = scipyValues.distributions;

test('no table is left out', () => {
  expect(Object.keys(functions).sort()).toEqual(Object.keys(distributions).sort());
});

test.each(Object.entries(functions))('%s', (name, [value, relative]) => {
  for (const row of distributions[name]!) expectClose(value(...row.slice(0, -1)), row.at(-1)!, relative);
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
  [
    () => chiSquareTail(1, 0),
    'Expected a finite number above 0 for chiSquareTail.degrees, received 0. It is the number of values minus 1 for a mean.',
  ],
  [() => chiSquareQuantile(1, 2), 'chiSquareQuantile: got p = 1'],
  [() => chiSquareQuantile(0.5, NaN), 'for chiSquareQuantile.degrees, received NaN'],
  [() => fTail(NaN, 1, 2), 'fTail: got f = NaN'],
  [() => fTail(1, 1, Infinity), 'Expected a finite number above 0 for fTail.denominator, received Infinity.'],
  [() => fQuantile(0.5, -1, 2), 'for fQuantile.numerator, received -1'],
  [() => studentizedRangeTail(-1, 3), 'studentizedRangeTail: got q = -1'],
  [
    () => studentizedRangeTail(1, 1),
    'Expected a whole number in [2, 200] for studentizedRangeTail.groups, received 1. ' +
      'It is the number of means, or of models, that are compared.',
  ],
  [() => studentizedRangeQuantile(0.95, 201), 'for studentizedRangeQuantile.groups, received 201'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

test.each([
  [0.975, 1, 12.7062047361747],
  [0.975, 2.5, 3.574654842003683],
  [0.975, 4, 2.776445105197794],
  [0.975, 9, 2.262157162798206],
  [0.975, 99, 1.984216951586417],
  [0.995, 2, 9.924843200918293],
  [0.9, 30, 1.310415025391396],
  [0.75, 3, 0.7648923284043453],
  [0.975, 1e6, 1.959966356814107],
])('the quantile t(%d, %d) (mpmath)', (p, degrees, expected) => {
  expect(Math.abs(studentTQuantile(p, degrees) / expected - 1)).toBeLessThan(1e-9);
  expect(studentTQuantile(1 - p, degrees)).toBeCloseTo(-studentTQuantile(p, degrees), 8);
});

test.each([
  [2, 5, 0.1019394788298584],
  [0.1, 3, 0.9266523488008058],
  [10, 9, 3.578237431924736e-6],
  [50, 4, 9.5744536569697e-7],
  [0.001, 7, 0.9992300172449988],
  [3, 1000, 0.002766709044238192],
  [-1.5, 1, 0.3743340836219976],
])('the tail P(|T| > |%d|), %d degrees (mpmath)', (t, degrees, expected) => {
  expect(Math.abs(studentTTail(t, degrees) / expected - 1)).toBeLessThan(1e-11);
});

test('one degree is the Cauchy distribution: t(p) = tan(π (p − ½))', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
      expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 7);
    }),
  );
});

test('the ends: 0, infinity, the median', () => {
  expect(studentTTail(0, 3)).toBe(1);
  expect(studentTTail(-Infinity, 3)).toBe(0);
  expect(studentTQuantile(0.5, 3)).toBe(0);
});

test.each<[() => unknown, string]>([
  [() => studentTQuantile(1, 3), 'studentTQuantile: got p = 1; expected a number between 0 and 1'],
  [() => studentTQuantile(0.9, 0), 'for studentTQuantile.degrees, received 0'],
  [() => studentTTail(1, Infinity), 'for studentTTail.degrees, received Infinity'],
  [() => studentTTail(NaN, 3), 'studentTTail: got t = NaN'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

test('undoes x² over many sizes, to the last digits', () => {
  fc.assert(
    fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (power) => {
      const x = 10 ** power;
      expect(Math.abs(invert((y) => y * y, x * x) / x - 1)).toBeLessThan(1e-15);
    }),
  );
});

test('0, and the foot of a step', () => {
  expect(invert((x) => x, 0)).toBeLessThan(1e-300);
  expect(invert((x) => Number(x >= 3), 1)).toBeCloseTo(3, 14);
});
