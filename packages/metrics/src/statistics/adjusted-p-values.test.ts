import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, scipyValues } from '../testing/scipy-values.ts';
import { benjaminiHochberg, holm } from './adjusted-p-values.ts';

test('known values: Holm by its steps, Benjamini–Hochberg by SciPy', () => {
  const { pValues, holm: byHolm, benjaminiHochberg: byRate } = scipyValues.adjusted;
  holm(pValues).forEach((p, i) => expectClose(p, byHolm[i]!, 1e-14));
  benjaminiHochberg(pValues).forEach((p, i) => expectClose(p, byRate[i]!, 1e-14));
});

const pValues = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.01, 0.05)), {
  maxLength: 12,
});

test.each([
  ['holm', holm],
  ['benjaminiHochberg', benjaminiHochberg],
] as const)('%s is never below the p value, keeps the order, stays in [0, 1]', (_, adjust) => {
  fc.assert(
    fc.property(pValues, (raw) => {
      const adjusted = adjust(raw);
      for (let i = 0; i < raw.length; i++) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(raw[i]!);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        for (let j = 0; j < raw.length; j++)
          if (raw[i]! <= raw[j]!) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
      }
    }),
  );
});

test('Holm lies between Benjamini–Hochberg and Bonferroni; one test needs no correction', () => {
  fc.assert(
    fc.property(pValues, (raw) => {
      const [family, rate] = [holm(raw), benjaminiHochberg(raw)];
      raw.forEach((p, i) => {
        expect(family[i]).toBeGreaterThanOrEqual(rate[i]! * (1 - 1e-15));
        expect(family[i]).toBeLessThanOrEqual(Math.min(1, raw.length * p));
      });
    }),
  );
  expect([holm([0.3]), benjaminiHochberg([0.3])]).toEqual([[0.3], [0.3]]);
});

test('a test that was not made counts for nothing', () => {
  expect(holm([0.01, NaN, 0.04])).toEqual([0.02, NaN, 0.04]);
  expect(benjaminiHochberg([0.02, NaN, 0.5])).toEqual([0.04, NaN, 0.5]);
  expect([holm([]), holm([NaN])]).toEqual([[], [NaN]]);
});

test.each<[() => unknown, string]>([
  [() => holm([0.5, 1.2]), 'holm: got pValues[1] = 1.2; expected a number from 0 to 1'],
  [() => benjaminiHochberg([-0.1]), 'benjaminiHochberg: got pValues[0] = -0.1'],
  [() => holm(['0.1'] as never), 'holm: got pValues[0] = "0.1"'],
  [() => holm(0.5 as never), 'holm: got 0.5 for pValues'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
