import { expect, it } from 'vitest';
import { linearScale, niceRange, roomyRange } from './linear-scale.ts';

it('maps values to places and back', () => {
  const x = linearScale([1, 5], [40, 240], 4);
  expect([x(1), x(2), x(5)]).toEqual([40, 90, 240]);
  expect(x.invert(90)).toBe(2);
});

it.each([
  [[0, 1], 5, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
  [[0.912, 0.934], 5, ['0.915', '0.920', '0.925', '0.930']],
  [[-30, 20], 3, ['\u221220', '0', '20']],
] as const)('%o has ticks with as many decimals as their distance needs', (domain, count, texts) => {
  const x = linearScale(domain, [0, 1], count);
  expect(x.ticks().map((tick) => x.textOf(tick))).toEqual(texts);
});

it('has ranges of values without NaN, of equal values and of none', () => {
  expect(niceRange([0.12, NaN, 0.88], 4)).toEqual([0, 1]);
  expect(niceRange([3, 3], 4)).toEqual([2.5, 3.5]);
  expect(niceRange([NaN], 4)).toEqual([0, 1]);
  expect(roomyRange([2, 4, NaN], 0.25)).toEqual([1.5, 4.5]);
  expect(roomyRange([2], 0.25)).toEqual([1.75, 2.25]);
  expect(roomyRange([], 0.25)).toEqual([0, 1]);
});
