let state = 0x9e3779b9;

/** Starts the sequence again, so that a case has the same numbers whoever ran before it. */
export function seed(value: number): void {
  state = value >>> 0;
}

/** The next number of [0, 1) of a fixed sequence (mulberry32). */
function next(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Numbers of a fixed sequence that looks random. */
export const numbersBetween = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, () => from + (to - from) * next());
