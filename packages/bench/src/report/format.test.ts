import { meanInterval } from '@polytask/metrics';
import { expect, test } from 'vitest';
import { counted, formatCount, formatInterval, formatPercent, formatSeconds, formatSpan } from './format.ts';

test('numbers as they stand in tables', () => {
  expect(formatInterval(meanInterval([0.8, 0.81, 0.82]), 4)).toBe('0.8100 ±0.0248');
  expect(formatInterval(meanInterval([0.8]), 4)).toBe('0.8000');
  expect(formatInterval(meanInterval([NaN]), 4)).toBe('–');
  expect(formatPercent(meanInterval([0.1, 0.1, 0.2]))).toBe('+13.33 ±14.34');
  expect(formatPercent(meanInterval([-0.004]))).toBe('-0.40');
  expect(formatPercent(meanInterval([NaN]))).toBe('–');
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([counted(1, 'seed'), counted(5, 'seed')]).toEqual(['1 seed', '5 seeds']);
  expect([0.123, 4.21, 130.7].map(formatSeconds)).toEqual(['0.12', '4.2', '131']);
  expect([42.4, 185, 7800].map(formatSpan)).toEqual(['42 s', '3 min 05 s', '2 h 10 min']);
});
