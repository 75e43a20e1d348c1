import { randomStream } from '@polytask/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleaved, mixShares, wholeRows } from './interleave.ts';

const order = (counts: readonly number[], seed: number, most = 4096) =>
  [...interleaved(counts, randomStream(seed, 'mix'), most)].flatMap((piece) => [...piece]);

describe('whole rows of shares', () => {
  it('add up, and are less than a row from the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 100_000 }),
        (sizes, rows) => {
          const shares = mixShares(sizes, { temperature: 2 });
          const counts = wholeRows(shares, rows);
          expect(counts.reduce((a, b) => a + b)).toBe(rows);
          counts.forEach((count, t) => expect(Math.abs(count - shares[t]! * rows)).toBeLessThan(1 + 1e-6));
          const all = sizes.reduce((a, b) => a + b);
          expect(wholeRows(mixShares(sizes, 'proportional'), all)).toEqual(sizes); // each row once, whatever the division rounds
        },
      ),
    );
  });

  it('give what is left over to those that lose most', () => {
    expect(wholeRows([0.75, 0.25], 1001)).toEqual([751, 250]);
    expect(wholeRows([0.5, 0.5], 3)).toEqual([2, 1]);
    expect(wholeRows([0.45, 0.31, 0.24], 10)).toEqual([5, 3, 2]); // 4.5, 3.1, 2.4
  });
});

describe('the sources of an epoch', () => {
  it('come exactly as often as they are to, in pieces of the size that is asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(),
        (counts, most, seed) => {
          const drawn = order(counts, seed, most);
          expect(counts.map((_, t) => drawn.filter((each) => each === t).length)).toEqual(counts);
          const sizes = [...interleaved(counts, randomStream(seed, 'mix'), most)].map(({ length }) => length);
          expect(sizes.slice(0, -1).every((size) => size === most)).toBe(true);
        },
      ),
    );
  });

  it('are at each place with the probability of their share, and each order comes as often as another', () => {
    const seeds = 6000;
    const orders = new Map<string, number>();
    for (let seed = 0; seed < seeds; seed++) {
      const drawn = order([2, 2], seed).join('');
      orders.set(drawn, (orders.get(drawn) ?? 0) + 1);
    }
    expect(orders.size).toBe(6); // 4! / (2! 2!)
    for (const count of orders.values())
      expect(Math.abs(count - seeds / 6)).toBeLessThan(4 * Math.sqrt((seeds / 6) * (5 / 6)));
  });
});
