import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentTQuantile, studentTTail } from './student-t.ts';

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
  [() => studentTQuantile(0.9, 0), 'studentTQuantile: got 0 degrees of freedom'],
  [() => studentTTail(1, Infinity), 'studentTTail: got Infinity degrees of freedom'],
  [() => studentTTail(NaN, 3), 'studentTTail: got t = NaN'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
