import { expect, it } from 'vitest';
import { growthOf, isGrowing, type MemorySample } from './memory.ts';

/** Samples whose resident set is 100 MB, and more by a function of the share of the work that is done. */
const samplesOf = (more: (share: number, i: number) => number): MemorySample[] =>
  Array.from({ length: 61 }, (_, i) => ({ done: i * 1000, resident: 100 + more(i / 60, i), held: NaN }));

it('is the slope of a line over the whole work, without what comes before a third of it', () => {
  const growth = growthOf(
    samplesOf((share) => (share < 1 / 3 ? 500 * share : 12 * share)),
    'resident',
  );
  expect([growth.mean, growth.low, growth.high]).toEqual([12, 12, 12].map((mb) => expect.closeTo(mb, 6) as number));
  expect(isGrowing(growth)).toBe(true);
});

it('tells growth from noise', () => {
  const noise = (i: number) => 20 * Math.sin(i * i);
  expect(
    isGrowing(
      growthOf(
        samplesOf((_, i) => noise(i)),
        'resident',
      ),
    ),
  ).toBe(false);
  expect(
    isGrowing(
      growthOf(
        samplesOf((share, i) => 60 * share + noise(i)),
        'resident',
      ),
    ),
  ).toBe(true);
  expect(
    isGrowing(
      growthOf(
        samplesOf((share) => 7 * share),
        'resident',
      ),
    ),
  ).toBe(false);
});

it('says nothing about memory that is not seen', () => {
  const growth = growthOf(
    samplesOf(() => 0),
    'held',
  );
  expect(growth.mean).toBeNaN();
  expect(isGrowing(growth)).toBe(false);
});
