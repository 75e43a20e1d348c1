import { fail } from '@polytask/components';
import { isMissing, type CheckedColumn } from '../columns.ts';

/** Bins of numbers. A value is in the first bin whose threshold isn't below it, or in the last bin, which has no threshold. */
export interface NumericBins {
  readonly name: string;
  /** Ascending. One fewer than bins. */
  readonly thresholds: Float64Array;
}

/** Bins of categories: one for each category. Any other category counts as missing. */
export interface CategoryBins {
  readonly name: string;
  readonly categories: readonly (number | string)[];
}

/** The bins of a column. Missing values have a bin of their own, after all others. */
export type Bins = NumericBins | CategoryBins;

/** The number of bins of values, which is the index of the bin for missing values. */
export const missingBin = (bins: Bins): number =>
  'thresholds' in bins ? bins.thresholds.length + 1 : bins.categories.length;

/**
 * Finds the bins of a column's values.
 *
 * @param into [rows]
 * @throws PolytaskError when the column has texts and its bins don't, or the other way round
 */
export function applyBins(bins: Bins, column: CheckedColumn, into: Uint8Array): void {
  const missing = missingBin(bins);
  if ('thresholds' in bins) {
    if (!('numbers' in column)) return refuse(column, 'numbers');
    const { thresholds } = bins;
    const { numbers } = column;
    for (let row = 0; row < into.length; row++) {
      const value = numbers[row];
      into[row] = isMissing(value) ? missing : binOf(thresholds, value);
    }
    return;
  }
  const texts = typeof bins.categories[0] === 'string';
  if (!('categories' in column)) return refuse(column, texts ? 'texts' : 'codes');
  if (bins.categories.length > 0 && column.texts !== texts) return refuse(column, texts ? 'texts' : 'codes');
  const places = placesOf(bins);
  const { categories } = column;
  for (let row = 0; row < into.length; row++) into[row] = places.get(categories[row]) ?? missing;
}

const refuse = ({ name, ...column }: CheckedColumn, expected: string): never => {
  const received = 'numbers' in column ? 'numbers' : column.texts ? 'texts' : 'codes';
  return fail({
    expected: `${expected} for column "${name}"`,
    received,
    fix: 'Pass the types of the rows that the model was trained with.',
  });
};

function binOf(thresholds: Float64Array, value: number): number {
  let low = 0;
  for (let high = thresholds.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const known = new WeakMap<CategoryBins, Map<unknown, number>>();

function placesOf(bins: CategoryBins): Map<unknown, number> {
  const found = known.get(bins) ?? new Map(bins.categories.map((category, bin) => [category, bin]));
  known.set(bins, found);
  return found;
}
