import { meanInterval } from '@polytask/metrics';
import { expect, test } from 'vitest';
import {
  counted,
  digitsToShow,
  formatBounds,
  formatCount,
  formatDifference,
  formatInterval,
  formatP,
  formatPercent,
  formatRanges,
  formatSeconds,
  formatSpan,
} from './format.ts';

test('numbers as they stand in tables', () => {
  expect(formatInterval(meanInterval([0.8, 0.81, 0.82]), 4)).toBe('0.8100 ±0.0248');
  expect(formatInterval(meanInterval([0.8]), 4)).toBe('0.8000');
  expect(formatInterval(meanInterval([0.8, 0.8, 0.8]), 4)).toBe('0.8000'); // as of a model without chance
  expect(formatInterval(meanInterval([NaN]), 4)).toBe('–');
  expect(formatPercent(meanInterval([0.1, 0.1, 0.2]))).toBe('+13.33 ±14.34');
  expect(formatPercent(meanInterval([-0.004]))).toBe('-0.40');
  expect(formatPercent(meanInterval([NaN]))).toBe('–');
  expect(formatDifference({ difference: 0.01234, high: 0.02 }, 4)).toBe('+0.0123 ±0.0077');
  expect(formatDifference({ difference: -0.5, high: NaN }, 2)).toBe('-0.50');
  expect(formatDifference({ difference: NaN, high: NaN }, 2)).toBe('–');
  expect(formatBounds(0.9, { low: 0.8911, high: 0.9082 }, 4)).toBe('0.9000 (0.8911–0.9082)');
  expect(formatBounds(1, { low: NaN, high: NaN }, 2)).toBe('1.00');
  expect([0.00321, 0.00001, 1, NaN].map(formatP)).toEqual(['.0032', '<.0001', '1.0000', '–']);
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([counted(1, 'seed'), counted(5, 'seed')]).toEqual(['1 seed', '5 seeds']);
  expect([0.123, 4.21, 130.7].map(formatSeconds)).toEqual(['0.12', '4.2', '131']);
  expect([[], [7], [1, 2], [1, 2, 3, 5, 8, 9, 10], [3, 1, 2]].map(formatRanges)).toEqual([
    '',
    '7',
    '1, 2',
    '1 to 3, 5, 8 to 10',
    '3, 1, 2',
  ]);
  expect([42.4, 185, 7800].map(formatSpan)).toEqual(['42 s', '3 min 05 s', '2 h 10 min']);
});

test('an interval that would read zero gets up to two digits more, and its middle with it', () => {
  expect([0.0002, 0.00006, 0.00004, 0.000004, 0.0000004, 0, NaN].map((half) => digitsToShow(half, 4))).toEqual([
    4, 4, 5, 6, 4, 4, 4,
  ]);
  expect(formatDifference({ difference: -0.000021, high: -0.000008 }, 4)).toBe('-0.00002 ±0.00001');
  expect(formatInterval({ ...meanInterval([0.99464, 0.99462]), mean: 0.994634, high: 0.994637 }, 4)).toBe(
    '0.994634 ±0.000003',
  );
  expect(formatPercent(meanInterval([0.1, 0.1]))).toBe('+10.00 ±0.00');
});
