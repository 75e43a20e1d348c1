import * as tf from '@tensorflow/tfjs-core';
import { number, optional, type FromDescription, type Written } from '@polytask/components';
import {
  constant,
  defineInput,
  MISSING,
  zeros,
  type FeatureTensors,
  type InputSpec,
  type Scope,
  isComposed,
  pooledNumbers,
  vocabularySize,
  firstQuotientRow,
  type FeaturePosition,
  type Layout,
} from '@polytask/core';

/** How many values of a list have a column. */
export const LISTED = 32;

/** A column of ids. Rows of the vocabulary from `offset` on are its categories 0 … size − 1. */
interface IdColumn {
  readonly name: string;
  readonly part: 'ids' | 'quotientIds';
  readonly column: number;
  readonly offset: number;
  readonly size: number;
}

/** The columns that trees read. First come numbers, which thresholds turn into bins, then ids. */
export interface BinnedLayout {
  readonly layout: Layout;
  readonly numbers: number;
  readonly ids: readonly IdColumn[];
  /** Lists of ids: multi-valued features, sequences and their side columns. */
  readonly lists: readonly FeaturePosition[];
}

/** All vectors of an id say the same, so the first is read. A composed id has two columns. */
export function binnedLayout(layout: Layout): BinnedLayout {
  const lists = layout.places.filter(({ part }) => part === 'bagIds');
  const sides = layout.places.filter(({ part }) => part === 'bagNumbers');
  const ids = layout.places.flatMap(({ name, part, column, offset, table, quotientColumn }): IdColumn[] => {
    if (part !== 'ids' || !table) return [];
    const { codes } = table;
    const size = vocabularySize(codes);
    if (!isComposed(codes) || quotientColumn === undefined) return [{ name, part, column, offset, size }];
    const first = firstQuotientRow(codes);
    return [
      { name, part, column, offset, size: first },
      {
        name: `${name} quotient`,
        part: 'quotientIds',
        column: quotientColumn,
        offset: offset + first,
        size: size - first,
      },
    ];
  });
  return { layout, ids, lists, numbers: layout.numeric + sides.length + lists.length * (1 + LISTED) };
}

/** The name of the feature of each column of `binned`: its numbers, side columns and lists, and then its ids. */
export function featuresOfColumns(layout: Layout): string[] {
  const { lists, ids } = binnedLayout(layout);
  const { places } = layout;
  const numbers = new Array<string>(layout.numeric);
  for (const { part, column, width, name } of places)
    if (part === 'numeric') numbers.fill(name, column, column + width);
  return [
    ...numbers,
    ...places.flatMap(({ part, sequence }) => (part === 'bagNumbers' ? [sequence!] : [])),
    ...lists.flatMap(({ name }) => Array.from({ length: 1 + LISTED }, () => name)),
    ...ids.map(({ part, column }) => {
      const isOwn = (place: (typeof places)[number]) =>
        part === 'ids' ? place.part === 'ids' && place.column === column : place.quotientColumn === column;
      return places.find(isOwn)!.name;
    }),
  ];
}

/** [batch, numbers]. @param listed the codes of each list whose presence has a column: [lists, 32] */
export function numbersOf(
  { layout, lists }: BinnedLayout,
  features: FeatureTensors,
  listed: tf.Tensor | undefined,
): tf.Tensor2D {
  const { numeric, bagIds, bagWeights } = features;
  const parts: tf.Tensor2D[] = layout.numeric > 0 ? [numeric] : [];
  parts.push(...pooledNumbers(layout, features, bagWeights));
  lists.forEach(({ column, width, offset }, l) => {
    const entries = tf.cast(tf.greater(tf.slice(bagWeights, [0, column], [-1, width]), 0), 'float32'); // [batch, slots]
    const ids = tf.sub(tf.cast(tf.slice(bagIds, [0, column], [-1, width]), 'float32'), offset);
    const wanted = tf.reshape(tf.slice(listed!, [l, 0], [1, LISTED]), [1, 1, LISTED]);
    const hits = tf.mul(tf.cast(tf.equal(tf.expandDims(ids, 2), wanted), 'float32'), tf.expandDims(entries, 2));
    parts.push(tf.sum(entries, 1, true), tf.minimum(tf.sum(hits, 1), 1));
  });
  return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
}

/** The most bins of a column, next to one for missing values. */
export const MAX_BIN = 255;
/** Stands where a column has fewer thresholds: no number is above it. */
export const NO_THRESHOLD = 3e38;

const options = {
  /** The most bins of a column, 2 to 255. */
  maxBin: optional(number({ whole: true, from: 2, to: MAX_BIN }), MAX_BIN),
};

export interface BinnedOptions extends Written<typeof options>, FromDescription {}

/**
 * The input of {@link boostedTrees}: each feature as a bin, a whole number from 0 to 255. The training of the trees finds thresholds and
 * the bins of categories; before it, all rows have bin 0.
 *
 * A list (a multi-valued feature or a sequence) becomes its length, and a column for each of its 32 most frequent values. A number
 * that a sequence has for each entry is pooled, as in {@link oneHot}.
 *
 * @returns [batch, numbers + ids]
 * @example multiTaskModel({ schema, ...gradientBoosting(), seed: 7 }) // has this input
 */
export const binned: (config?: BinnedOptions) => InputSpec = defineInput(
  'binned',
  ({ layout, ...scope }, { maxBin }) => {
    const columns = binnedLayout(layout);
    const { numbers, ids, lists } = columns;
    const numberBins = numbers > 0 ? thresholdSearch(scope, numbers, maxBin) : undefined;
    const idBins = ids.length > 0 ? lookupOf(scope, ids) : undefined;
    const listed = lists.length > 0 ? scope.tensor('listed', [lists.length, LISTED], constant(-1), false) : undefined;
    return {
      outputDim: numbers + ids.length,
      apply(features) {
        const parts = [numberBins?.(numbersOf(columns, features, listed)), idBins?.(features)].filter(
          (x) => x !== undefined,
        );
        return parts.length === 1 ? parts[0]! : tf.concat(parts, 1);
      },
    };
  },
  {
    description: 'each feature as the index of a bin, for boosted trees',
    package: '@polytask/baselines',
    options,
  },
);

/** Finds the bin of each number, [batch, numbers]: the number of thresholds below it. A step halves the bins that it may have. */
function thresholdSearch({ tensor, constant: fixed }: Scope, numbers: number, maxBin: number) {
  const steps = Math.ceil(Math.log2(maxBin));
  const each = 2 ** steps - 1; // thresholds of a column
  const thresholds = tensor('thresholds', [numbers, each], constant(NO_THRESHOLD), false);
  const starts = Array.from({ length: numbers }, (_, c) => c * each);
  const first = fixed(starts, [1, numbers]);
  return (x: tf.Tensor2D): tf.Tensor2D => {
    const flat = tf.reshape(thresholds, [-1]);
    let place = first; // of the first threshold that may not be below x
    for (let step = 2 ** (steps - 1); step >= 1; step /= 2) {
      const threshold = tf.gather(flat, tf.cast(tf.add(place, step - 1), 'int32'));
      place = tf.add(place, tf.mul(tf.cast(tf.greater(x, threshold), 'float32'), step));
    }
    return tf.sub(place, first);
  };
}

/** Looks up the bin of each id, [batch, ids]. A column has a bin for each row of its vocabulary. */
function lookupOf({ tensor }: Scope, ids: readonly IdColumn[]) {
  let size = 0;
  const shifts = ids.map((column) => (size += column.size) - column.size - column.offset);
  const blocks = ids.map((column) => ({
    name: column.name,
    size: column.size,
    ...(column.part === 'ids' && { like: MISSING }),
  }));
  const bins = tensor('bins', [size], zeros(), false, { blocks });
  return (features: FeatureTensors): tf.Tensor2D => {
    const columns = ids.map(({ part, column }) => tf.slice(features[part], [0, column], [-1, 1]));
    const rows = columns.length === 1 ? columns[0]! : tf.concat(columns, 1);
    return tf.gather(bins, tf.add(rows, tf.tensor2d(shifts, [1, ids.length], 'int32'))) as tf.Tensor2D;
  };
}
