import { custom, number, optional } from '@polytask/components';

/** A source of uniform, independent numbers in [0, 1). */
export type RandomSource = () => number;

const MULTIPLIER = 0xd256d193;
const WEYL = 0x9e3779b9;
const ROUNDS = 10;

/** The upper 32 bits of the product with `MULTIPLIER`. Each partial product is exact in doubles or 32-bit integers. */
const multiplyHigh = (a: number): number => {
  const low = a & 0xffff;
  const high = a >>> 16;
  const first = high * (MULTIPLIER & 0xffff) + ((low * (MULTIPLIER & 0xffff)) >>> 16);
  const second = low * (MULTIPLIER >>> 16) + (first & 0xffff);
  return (high * (MULTIPLIER >>> 16) + (first >>> 16) + (second >>> 16)) >>> 0;
};

/** Philox-2×32 with ten rounds. It turns a 64-bit counter and a 32-bit key into 64 random bits, in `out`. */
export const philox = (low: number, high: number, key: number, out: Uint32Array): void => {
  for (let round = 0; round < ROUNDS; round++) {
    const top = multiplyHigh(low);
    const bottom = Math.imul(MULTIPLIER, low) >>> 0;
    low = (top ^ key ^ high) >>> 0;
    high = bottom;
    key = (key + WEYL) >>> 0;
  }
  out[0] = low;
  out[1] = high;
};

const word = /* @__PURE__ */ number({ whole: true, from: 0, to: 0xffff_ffff });

/**
 * A reproducible source of uniform numbers in [0, 1) with 53 random bits. Number i of a stream depends only on seed, stream
 * and i, so every machine draws the same values. Streams don't overlap. A stream has 2³² values.
 *
 * Paper: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Philox-2×32-10).
 *
 * @param seed a whole number from 0 to 2³² − 1
 * @param stream a whole number from 0 to 2³² − 1. The streams of one seed are independent
 * @throws PolytaskError when the seed or the stream is out of range
 * @example
 * counterRandom(7)() === counterRandom(7)(); // true
 * counterRandom(7)() === counterRandom(7, 1)(); // false
 */
export const counterRandom = (seed: number, stream = 0): RandomSource => {
  word.read(seed, 'counterRandom.seed');
  word.read(stream, 'counterRandom.stream');
  const words = new Uint32Array(2);
  let counter = 0;
  return () => {
    philox(counter, stream, seed, words);
    counter = (counter + 1) >>> 0;
    return ((words[0]! >>> 5) * 2 ** 26 + (words[1]! >>> 6)) / 2 ** 53;
  };
};

export const randomSource = optional(
  custom<RandomSource>(() => {}, { words: 'a function' }),
  () => counterRandom(0),
);
