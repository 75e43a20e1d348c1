import { defineFinding, type Finding } from '@polytask/components';
import { layoutOf } from '@polytask/core';
import { columnIn } from '../columns/columns.ts';
import { numberOf } from '../declarations/features.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { Moments } from '../statistics/statistics.ts';
import { type Table } from '../table/table.ts';

/** `received`: the number and where it is. `share`: of the feature's variance. */
const outlier = /* @__PURE__ */ defineFinding<'column', { row: number; received: string; share: number }>('outlier', {
  says({ column, received, share }) {
    const percent = share > 0.9999 ? 'more than 99.99%' : `${(100 * share).toFixed(2)}%`;
    const what = `One training row (${received}) holds ${percent} of the variance of feature "${column}"`;
    return `${what}: the other rows are nearly one number to the model.`;
  },
  remedy: ({ column }) => ({
    says: 'Correct it, or declare the logarithm',
    dataset: { features: { [column]: { kind: 'numeric', log: true } } },
  }),
});

/** A row with a larger share of a feature's variance is an outlier. */
const MOST = 0.99;
/** Among fewer rows, one is often far from the others. */
const LEAST_ROWS = 20;

/**
 * Finds numeric features of which one row has more than 99% of the variance, while the other rows still vary. After scaling, the
 * other rows are nearly one number to the model. A feature with the same number in all rows but one gives no warning.
 *
 * @param train the training rows. Raw rows give the exact share, encoded rows the share of their 32-bit numbers
 * @example outliers(train) // [{ kind: 'outlier', about: { column: 'income' }, evidence: { row: 17, share: 0.9999, … }, … }]
 */
export function outliers(train: EncodedTable | Table): Finding[] {
  return columnsOf(train).flatMap(({ feature, values, received }): Finding[] => {
    const found = outlierOf(values);
    return found ? [outlier({ column: feature }, { ...found, received: received(found.row) })] : [];
  });
}

interface NumberColumn {
  readonly feature: string;
  /** [rows], after the logarithm where the feature has one; NaN where missing. */
  readonly values: ArrayLike<number>;
  received(row: number): string;
}

function columnsOf(train: EncodedTable | Table): NumberColumn[] {
  if ('arrays' in train) {
    const { places, numeric } = layoutOf(train.schema);
    return places
      .filter(({ form }) => form.type === 'numbers' && form.scale)
      .map(({ name, column }) => ({
        feature: name,
        values: Float32Array.from({ length: train.size }, (_, row) => train.arrays.numeric[row * numeric + column]!),
        received: (row) => `number ${row}`,
      }));
  }
  return Object.entries(train.features).flatMap(([name, declared]): NumberColumn[] => {
    const { column, scale } = numberOf(name, declared) ?? {};
    if (column === undefined || !scale) return [];
    const numbers = columnIn(train, 'numbers', column);
    const values = numbers.map(scale);
    return [{ feature: name, values, received: (row) => `${numbers[row]} in ${train.where(row)}` }];
  });
}

/** The row with nearly all of the variance, where the other rows vary: the least or the greatest number. */
function outlierOf(values: ArrayLike<number>): { row: number; share: number } | undefined {
  let [count, least, greatest] = [0, -1, -1];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    count++;
    if (least < 0 || value < values[least]!) least = row;
    if (greatest < 0 || value > values[greatest]!) greatest = row;
  }
  if (count < LEAST_ROWS) return undefined;
  return [least, greatest].map((row) => ({ row, share: shareOf(values, row) })).find(({ share }) => share > MOST);
}

/** The share of the variance that one row adds; 0 where the other rows don't vary. */
function shareOf(values: ArrayLike<number>, row: number): number {
  const others = new Moments();
  for (let i = 0; i < values.length; i++) if (i !== row && !Number.isNaN(values[i]!)) others.add(values[i]!);
  const { count, mean, deviation } = others;
  if (deviation === 0) return 0;
  const distance = (values[row]! - mean) / deviation; // in deviations of the others, so that no square overflows
  const ownPart = (distance * distance) / (count + 1); // Welford: one number adds n / (n + 1) · distance² to the squares
  return ownPart / (1 + ownPart);
}
