import { expect, test } from 'vitest';
import { counterRandom, philox } from './counter-random.ts';

test.each([
  [
    [0, 0, 0],
    [0xff1dae59, 0x6cd10df2],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff],
    [0x2c3f628b, 0xab4fd7ad],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e],
    [0xdd7ce038, 0xf62a4c12],
  ],
])('the known answers that its authors publish: %j', ([low, high, key], expected) => {
  const out = new Uint32Array(2);
  philox(low!, high!, key!, out);
  expect([...out]).toEqual(expected);
});

test('the same seed gives the same numbers, another seed or stream others', () => {
  const numbers = (seed: number, stream?: number) => Array.from({ length: 8 }, counterRandom(seed, stream));
  expect(numbers(7)).toEqual(numbers(7, 0));
  for (const other of [numbers(8), numbers(7, 1)])
    expect(numbers(7).filter((value) => other.includes(value))).toEqual([]);
});

test('is uniform: mean, variance, and a χ² over 100 cells', () => {
  const random = counterRandom(3);
  const values = Float64Array.from({ length: 100_000 }, random);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / values.length));
  const cells = new Float64Array(100);
  for (const value of values) cells[Math.floor(value * 100)]!++;
  const square = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(Math.abs(square - 99)).toBeLessThan(4 * Math.sqrt(2 * 99));
});

test.each<[() => unknown, string]>([
  [() => counterRandom(-1), 'Expected a whole number in [0, 4294967295] for counterRandom.seed, received -1.'],
  [() => counterRandom(1.5), 'for counterRandom.seed, received 1.5'],
  [() => counterRandom(1, 2 ** 32), 'for counterRandom.stream, received 4294967296'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
