import {
  custom,
  fail,
  flag,
  isObject,
  optional,
  readOptions,
  shown,
  wholeNumber,
  type Written,
} from '@polytask/components';
import { type DeclaredFeature, type NumericFeature, signedLog } from '@polytask/core';
import { type ColumnRows, columnIn, needOf } from '../columns/columns.ts';
import { countNumber, repeatedNumbers } from '../statistics/counts.ts';
import { valuesTell } from '../statistics/repeated-values.ts';
import { checkSize, Moments, type Fitter } from '../statistics/statistics.ts';
import { declared, type DeclaredKind, from } from './declared-kind.ts';

const repeatedValues = {
  /** A value with at least so many training rows has a vector. Default 5. */
  minCount: optional(wholeNumber(1)),
  /** The most frequent values have vectors, at most so many. Default 256. */
  most: optional(wholeNumber(1)),
};

/** The option `values`. */
export const whichValues = custom<'auto' | false | Written<typeof repeatedValues>>(
  (value, where) => {
    if (value === false || value === 'auto') return value;
    if (isObject(value)) return readOptions(value, repeatedValues, where);
    const expected = `'auto', false, or an object such as { minCount: 5, most: 256 } for ${where}`;
    return fail({ expected, received: shown(value), fix: 'Pass false for none.' });
  },
  { words: "'auto', false, or an object such as { minCount: 5, most: 256 }" },
);

const options = {
  /** Takes sign(x)·log(1 + |x|) first, for heavy tails such as amounts of money and counts. Default false. */
  log: optional(flag),
  /** Adds a second input, 1 where the value is missing. Default false: a missing value becomes the mean only. */
  indicator: optional(flag),
  /** Default true: (x − mean) / standard deviation. False: x as it is, and 0 for a missing value. */
  standardize: optional(flag),
  /**
   * Which repeated values have vectors next to the number, so that a network learns what an exact value says, such as 0. Those with
   * `minCount` training rows (default 5), the most frequent ones, and `most` at most (default 256). Or false: none. Default `auto`: those
   * of columns in which they predict a label of other rows better than a curve does.
   */
  values: optional(whichValues),
};

/** A number. Fitting finds the mean and the standard deviation of the training rows. */
export interface NumericDeclaration extends DeclaredFeature, Written<typeof options> {
  readonly kind: 'numeric';
}

export const numericKind: DeclaredKind<NumericDeclaration> = {
  description: 'a standardized number',
  options: { from, ...options },
  needs: (name, { from = name }) => [needOf('numbers', from)],
  scale: ({ log, standardize }) => (standardize === false ? undefined : log ? signedLog : (value) => value),
  fitter: (name, declaration) => {
    const column = declaration.from ?? name;
    return momentsFitter(column, declaration, (table) => {
      const values = columnIn(table, 'numbers', column);
      return (row, use) => use(values[row]!, row);
    });
  },
};

/**
 * Declares a column of numbers.
 *
 * @throws PolytaskError for an unknown option, with the name that was meant, and for an option value of the wrong kind
 * @example numeric({ from: 'capital_gains', log: true })
 */
export const numeric = (given?: Omit<NumericDeclaration, 'kind'>): NumericDeclaration =>
  declared('numeric', numericKind, given);

/** Mean and standard deviation (divided by n) of the values, after the logarithm where it is declared. Missing values are skipped. */
export function momentsFitter(
  column: string,
  declaration: NumericDeclaration,
  read: (table: ColumnRows) => (row: number, use: (value: number, row: number) => void) => void,
): Fitter<NumericFeature> {
  const { log, indicator, values = 'auto' } = declaration;
  const scale = numericKind.scale!(declaration);
  const moments = new Moments();
  const chosen = values === 'auto' ? {} : values;
  const counts = new Map<number, number>();
  return {
    add(table, rows) {
      const eachIn = read(table);
      const use = (value: number, row: number): void => {
        if (Number.isNaN(value)) return;
        if (chosen) countNumber(counts, value);
        if (!scale) return;
        const scaled = scale(value);
        checkSize(scaled, value, 'a number', 'numeric({ log: true })', column, table, row);
        moments.add(scaled);
      };
      for (let i = 0; i < rows.length; i++) eachIn(rows[i]!, use);
    },
    finish(samples = []) {
      const { mean, deviation } = scale ? moments : { mean: 0, deviation: 1 };
      const has = values !== 'auto' || samples.some(({ numbers, labels }) => valuesTell(numbers(column), labels));
      const repeated = chosen && has ? repeatedNumbers(counts, chosen) : [];
      return {
        kind: 'numeric',
        mean,
        deviation,
        ...(log && { log }),
        ...(indicator && { indicator }),
        ...(repeated.length > 0 && { repeated }),
      };
    },
  };
}
