import * as tf from '@tensorflow/tfjs-core';
import {
  isComposed,
  pooledNumbers,
  vocabularySize,
  firstQuotientRow,
  type FeaturePosition,
  type FeatureTensors,
  type Layout,
} from '@polytask/core';

/** How many values of a list have a column. */
export const LISTED = 32;

/** A column of ids. Rows of the vocabulary from `offset` on are its categories 0 … size − 1. */
export interface IdColumn {
  readonly part: 'ids' | 'quotientIds';
  /** Its column in the part. */
  readonly column: number;
  readonly offset: number;
  readonly size: number;
}

/** The columns that trees read. First come numbers, which thresholds turn into bins, then ids. */
export interface BinnedLayout {
  readonly layout: Layout;
  /** The number of columns with numbers. */
  readonly numbers: number;
  readonly ids: readonly IdColumn[];
  /** Lists of ids: multi-valued features, sequences and their side columns. */
  readonly lists: readonly FeaturePosition[];
}

/**
 * The columns of a layout: its numbers, side columns of numbers, the length of each list and whether it has each of 32 values; then its
 * ids. All vectors of an id say the same, so the first is read. A composed id has two columns.
 */
export function binnedLayout(layout: Layout): BinnedLayout {
  const lists = layout.places.filter(({ part }) => part === 'bagIds');
  const sides = layout.places.filter(({ part }) => part === 'bagNumbers');
  const ids = layout.places.flatMap(({ part, column, offset, table, quotientColumn }): IdColumn[] => {
    if (part !== 'ids' || !table) return [];
    const { codes } = table;
    const size = vocabularySize(codes);
    if (!isComposed(codes) || quotientColumn === undefined) return [{ part, column, offset, size }];
    const first = firstQuotientRow(codes);
    return [
      { part, column, offset, size: first },
      { part: 'quotientIds', column: quotientColumn, offset: offset + first, size: size - first },
    ];
  });
  return { layout, ids, lists, numbers: layout.numeric + sides.length + lists.length * (1 + LISTED) };
}

/**
 * The numbers of some rows.
 *
 * @param listed the rows of the vocabulary whose presence in a list has a column: [lists, 32]
 * @returns [batch, numbers]
 */
export function numbersOf(
  { layout, lists }: BinnedLayout,
  features: FeatureTensors,
  listed: tf.Tensor | undefined,
): tf.Tensor2D {
  const { numeric, bagIds, bagWeights } = features;
  const parts: tf.Tensor2D[] = layout.numeric > 0 ? [numeric] : [];
  parts.push(...pooledNumbers(layout, features, bagWeights));
  lists.forEach(({ column, width }, l) => {
    const entries = tf.cast(tf.greater(tf.slice(bagWeights, [0, column], [-1, width]), 0), 'float32'); // [batch, slots]
    const ids = tf.cast(tf.slice(bagIds, [0, column], [-1, width]), 'float32');
    const wanted = tf.reshape(tf.slice(listed!, [l, 0], [1, LISTED]), [1, 1, LISTED]);
    const hits = tf.mul(tf.cast(tf.equal(tf.expandDims(ids, 2), wanted), 'float32'), tf.expandDims(entries, 2));
    parts.push(tf.sum(entries, 1, true), tf.minimum(tf.sum(hits, 1), 1));
  });
  return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
}
