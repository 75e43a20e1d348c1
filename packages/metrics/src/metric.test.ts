import { expect, test } from 'vitest';
import { isBetter } from './metric.ts';

test.each([
  ['higher', 0.8, 0.7, true],
  ['higher', 0.7, 0.8, false],
  ['lower', 0.7, 0.8, true],
  ['lower', 0.8, 0.7, false],
  ['one', 0.95, 0.9, true],
  ['one', 1.05, 0.9, true],
  ['one', 1.2, 0.9, false],
  ['one', 0.9, 1.2, true],
  ['higher', NaN, 0.1, false],
  ['higher', 0.1, NaN, true],
  ['lower', NaN, NaN, false],
] as const)('%s: %d before %d: %s', (direction, value, than, better) => {
  expect(isBetter(direction, value, than)).toBe(better);
});

test('an equal value is not better', () => {
  for (const direction of ['higher', 'lower', 'one'] as const) expect(isBetter(direction, 0.5, 0.5)).toBe(false);
});
