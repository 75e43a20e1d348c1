import { argsort } from './argsort.ts';

/**
 * The rank of each value, the smallest being 1; equal values share the mean of their places. O(n).
 *
 * @param values [n], finite
 * @returns [n]
 */
export const midRanks = (values: Float64Array): Float64Array => {
  const order = argsort(values);
  const ranks = new Float64Array(values.length);
  forEachTie(values, order, (start, end) => {
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
  });
  return ranks;
};

/** Calls `visit` with the bounds of each run of equal values in their ascending order. */
const forEachTie = (values: Float64Array, order: Uint32Array, visit: (start: number, end: number) => void): void => {
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    visit(start, end);
    start = end;
  }
};

/** Σ t³ − t over runs of t equal values: what ties take from the variance of ranks. */
export const tieCorrection = (values: Float64Array): number => {
  let sum = 0;
  forEachTie(values, argsort(values), (start, end) => {
    sum += (end - start) ** 3 - (end - start);
  });
  return sum;
};
