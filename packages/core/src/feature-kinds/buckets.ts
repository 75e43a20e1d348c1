import { defineFeature } from '../features/feature-kind.ts';
import { vocabularyCodes } from '../features/kinds/ids.ts';
import { numberOf } from '../features/values.ts';
import { fail, listOf, number, optional, wholeNumber } from '@polytask/components';

const options = {
  /** How many buckets, with about as many training rows each. Without it, 10. Equal numbers share a bucket, so there may be fewer. */
  count: optional(wholeNumber(2)),
  /** The edges themselves, ascending: 18 and 65 make three buckets. A number on an edge is in the bucket above it. */
  edges: optional(listOf(number(), 1)),
};

/**
 * Declares a column of numbers as categories: quantile buckets, with a vector for each. A model finds steps and peaks in them that one
 * standardized number hides. A missing number has a vector of its own.
 *
 * @throws PolytaskError for an unknown option, for edges that don't ascend, and for `count` beside `edges`
 * @example buckets({ count: 20 })
 * @example buckets({ from: 'age', edges: [18, 25, 65] }) // four buckets
 */
export const buckets = defineFeature('buckets', {
  options,
  check({ count, edges }, where) {
    if (edges === undefined) return;
    const ascend = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!);
    if (ascend && count === undefined) return;
    fail({
      expected: `edges that ascend for ${where}, or a count of buckets`,
      received: count === undefined ? JSON.stringify(edges) : 'both',
      fix: 'Write buckets({ edges: [18, 65] }) or buckets({ count: 10 }).',
    });
  },
  cell: 'number',
  fit({ count = 10, edges }) {
    if (edges) return { finish: () => ({ edges }) };
    const { add, sorted } = sampleNumbers();
    return { add, finish: () => ({ edges: edgesOf(sorted(), count) }) };
  },
  fitted: { edges: listOf(number()) },
  form({ edges }) {
    const names = [...edges, Infinity].map((edge, i) => nameOf(edges[i - 1] ?? -Infinity, edge));
    return {
      type: 'id',
      codes: vocabularyCodes({ vocabulary: names }),
      textOf(value, name) {
        const x = numberOf(value, name);
        return Number.isNaN(x) ? null : names[placeOf(x, edges)]!;
      },
    };
  },
  description: 'a number as one of several buckets',
  package: '@polytask/core/features',
});

/** The different quantiles of the numbers; none where all numbers are equal. @param sorted ascending */
export const edgesOf = (sorted: Float64Array, count: number): number[] => {
  const quantiles = Array.from({ length: count - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / count)]!);
  return [...new Set(quantiles)].filter((edge) => edge > sorted[0]!);
};

const nameOf = (from: number, to: number): string => {
  if (from === -Infinity) return to === Infinity ? 'any number' : `below ${to}`;
  return to === Infinity ? `${from} or more` : `${from} to below ${to}`;
};

/** The most numbers that are kept: of more, each second one is dropped, again and again. */
const MOST = 2 ** 18;

/** Keeps numbers that come one by one, or an even part of very many. */
export function sampleNumbers(): { add(value: number | string, count?: number): void; sorted(): Float64Array } {
  let kept: number[] = [];
  let [seen, step] = [0, 1];
  return {
    add(value, count = 1) {
      for (let i = 0; i < count; i++) {
        if (seen++ % step !== 0) continue;
        kept.push(Number(value));
        if (kept.length < MOST) continue;
        kept = kept.filter((_, at) => at % 2 === 0);
        step *= 2;
      }
    },
    sorted: () => Float64Array.from(kept).sort(),
  };
}

/** How many of some ascending numbers are at most x. With `below`, how many are less than x. A binary search. */
export function placeOf(x: number, ascending: readonly number[], below = false): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below ? ascending[middle]! < x : ascending[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
