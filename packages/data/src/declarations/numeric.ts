import { checks, type DeclaredFeature, type NumericFeature } from '@polytask/core';
import { signedLog } from '@polytask/core/internal';
import { type ColumnRows, columnIn } from '../columns/columns.ts';
import { checkSize, Moments, type Fitter } from '../statistics/statistics.ts';
import { text } from '../options/checks.ts';
import { declared, type DeclaredKind } from './declared-kind.ts';

/** A number. Fitting finds the mean and the standard deviation of the training rows. */
export interface NumericDeclaration extends DeclaredFeature {
  readonly kind: 'numeric';
  /** Takes sign(x)·log(1 + |x|) first, for heavy tails such as amounts of money and counts. Default false. */
  readonly log?: boolean;
  /** Adds a second input, 1 where the value is missing. Default false: a missing value becomes the mean only. */
  readonly indicator?: boolean;
  /** Default true: (x − mean) / standard deviation. False: x as it is, and 0 for a missing value. */
  readonly standardize?: boolean;
}

const { flag, optional } = checks;

export const numericKind: DeclaredKind<NumericDeclaration> = {
  name: 'numeric',
  description: 'a standardized number',
  options: { from: optional(text), log: optional(flag), indicator: optional(flag), standardize: optional(flag) },
  needs: (name, { from: column = name }) => [{ kind: 'numbers', key: column, column }],
  scale: ({ log, standardize }) => (standardize === false ? undefined : log ? signedLog : (value) => value),
  fitter: (name, declaration) => {
    const column = declaration.from ?? name;
    return momentsFitter(column, declaration, (table) => {
      const values = columnIn(table, 'numbers', column);
      return (row, use) => use(values[row]!, row);
    });
  },
  declare: () => ({}),
};

/**
 * Declares a column of numbers.
 *
 * @throws PolytaskError for an unknown option, with the name that was meant, and for an option value of the wrong kind
 * @example numeric({ from: 'capital_gains', log: true })
 */
export const numeric = (options: Omit<NumericDeclaration, 'kind'> = {}): NumericDeclaration =>
  declared('numeric', numericKind, options);

/**
 * Mean and standard deviation (divided by n) of the values, after the logarithm where it is declared. Missing values are skipped.
 *
 * @param read gives a function that passes on each value of a row
 */
export function momentsFitter(
  column: string,
  declaration: NumericDeclaration,
  read: (table: ColumnRows) => (row: number, use: (value: number, row: number) => void) => void,
): Fitter<NumericFeature> {
  const { log, indicator } = declaration;
  const options = { ...(log && { log: true }), ...(indicator && { indicator: true }) };
  const scale = numericKind.scale!(declaration);
  if (!scale) return { add() {}, finish: () => ({ kind: 'numeric', mean: 0, deviation: 1, ...options }) };
  const moments = new Moments();
  return {
    add(table, rows) {
      const eachIn = read(table);
      const use = (value: number, row: number): void => {
        const scaled = scale(value);
        if (Number.isNaN(scaled)) return;
        checkSize(scaled, value, 'a number', 'numeric({ log: true })', column, table, row);
        moments.add(scaled);
      };
      for (let i = 0; i < rows.length; i++) eachIn(rows[i]!, use);
    },
    finish: () => ({ kind: 'numeric', mean: moments.mean, deviation: moments.deviation, ...options }),
  };
}
