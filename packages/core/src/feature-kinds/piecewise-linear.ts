import type * as tf from '@tensorflow/tfjs-core';
import { defineFeature } from '../features/feature-kind.ts';
import { isFinite32, numberOf, wrongValue } from '../features/values.ts';
import { listOf, number, optional, wholeNumber } from '@polytask/components';
import { edgesOf, sampleNumbers } from './buckets.ts';

const options = {
  /** How many parts, with about as many training rows each. Equal numbers share an edge, so there may be fewer. */
  count: optional(wholeNumber(2), 10),
};

/**
 * Declares a column of numbers as its shares of parts between quantiles (piecewise linear encoding: Gorishniy et al., NeurIPS 2022,
 * eq. 1). A part has 0 below it, 1 above it, and the share within. The first and the last part go on as straight lines. One more
 * number is 1 where the value is missing.
 *
 * @throws PolytaskError for an unknown option, or a `count` below 2; when rows are encoded, for a value that is no number
 * @example piecewiseLinear({ from: 'age', count: 8 }) // 9 values
 */
export const piecewiseLinear = defineFeature('piecewise-linear', {
  options,
  cell: 'number',
  fit({ count }) {
    const { add, sorted } = sampleNumbers();
    let [least, largest] = [Infinity, -Infinity];
    return {
      add(value, times) {
        add(value, times);
        least = Math.min(least, Number(value));
        largest = Math.max(largest, Number(value));
      },
      finish() {
        const inner = edgesOf(sorted(), count);
        return { edges: least < largest ? [...new Set([least, ...inner, largest])] : [] };
      },
    };
  },
  fitted: {
    /** The edges of the parts, ascending: from the least number of the training rows to the largest. */
    edges: listOf(number()),
  },
  form({ edges }) {
    const parts = edges.slice(1).map((to, i) => ({
      ...{ from: edges[i]!, width: to - edges[i]! },
      low: i === 0 ? -Infinity : 0,
      high: i === edges.length - 2 ? Infinity : 1,
    }));
    return {
      type: 'numbers',
      width: parts.length + 1,
      graph(x, t) {
        const column = t.expandDims(x, 1);
        const missing = t.cast(t.isNaN(column), 'float32') as tf.Tensor2D;
        if (parts.length === 0) return missing;
        const each = (of: keyof (typeof parts)[number]) => t.tensor1d(parts.map((part) => part[of]));
        const known = t.where(t.isNaN(column), t.zerosLike(column), column);
        const shares = t.div(t.sub(known, each('from')), each('width'));
        const clipped = t.minimum(t.maximum(shares, each('low')), each('high'));
        return t.concat([t.mul(clipped, t.sub(1, missing)), missing], 1) as tf.Tensor2D;
      },
      write(value, to, at, name) {
        const x = numberOf(value, name);
        const isMissing = Number.isNaN(x);
        parts.forEach(({ from, width, low, high }, part) => {
          const share = isMissing ? 0 : Math.min(Math.max((x - from) / width, low), high);
          if (!isFinite32(share)) wrongValue(name, `a number near ${edges[0]} to ${edges.at(-1)}`, String(x));
          to[at + part] = share;
        });
        to[at + parts.length] = Number(isMissing);
      },
    };
  },
  description: 'a number as its shares of parts between quantiles',
  paper: 'Gorishniy et al., NeurIPS 2022, eq. 1',
  package: '@polytask/core/features',
});
