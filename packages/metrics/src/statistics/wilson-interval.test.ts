import { expect, test } from 'vitest';
import { wilsonInterval } from './mean-interval.ts';

test('the bounds are the shares whose own test is just at the level', () => {
  for (const [share, rows] of [
    [0.9, 100],
    [0.5, 7],
    [0.02, 5000],
  ] as const) {
    const { low, high } = wilsonInterval(share, rows);
    for (const bound of [low, high])
      expect(Math.abs(share - bound) / Math.sqrt((bound * (1 - bound)) / rows)).toBeCloseTo(1.959964, 5);
  }
});

test('it stays in [0, 1], and a share of 0 or 1 has a width', () => {
  expect(wilsonInterval(1, 10)).toEqual({ low: expect.closeTo(0.722467, 5) as number, high: 1 }); // n / (n + z²)
  expect(wilsonInterval(0, 10)).toEqual({ low: 0, high: expect.closeTo(0.277533, 5) as number });
  expect(wilsonInterval(NaN, 10).low).toBeNaN();
});

test('refuses what is no share and no count', () => {
  expect(() => wilsonInterval(90, 100)).toThrow('wilsonInterval: got share = 90; expected a number from 0 to 1');
  expect(() => wilsonInterval(0.9, 0)).toThrow('wilsonInterval: got rows = 0');
  expect(() => wilsonInterval(0.9, 9, { confidence: 95 })).toThrow(
    'Expected a number in (0, 1) for wilsonInterval.confidence, received 95.',
  );
});
