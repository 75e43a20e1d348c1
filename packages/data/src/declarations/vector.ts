import { fail, listOf, optional, text, wholeNumber, type Written } from '@polytask/components';
import type { DeclaredFeature } from '@polytask/core';
import { needOf } from '../columns/columns.ts';
import { declared, type DeclaredKind, from } from './declared-kind.ts';

const options = {
  /** The columns, for tables with one number in a cell. */
  columns: optional(listOf(text, 1)),
  width: optional(wholeNumber(1), ({ columns }) => (columns as readonly string[] | undefined)?.length as number),
};

/** Numbers that are inputs without scaling: a list in each row, or several columns. None may be missing. */
export interface VectorDeclaration extends DeclaredFeature, Omit<Written<typeof options>, 'width'> {
  readonly kind: 'vector';
  /** The length of the list in each row. With `columns`, it is their number. */
  readonly width: number;
}

export const vectorKind: DeclaredKind<VectorDeclaration> = {
  description: 'several numbers, used as they are',
  options: { from, ...options },
  check({ width, columns, from }, where) {
    wholeNumber(1).read(width, `${where}.width`);
    if (!columns || (width === columns.length && from === undefined)) return;
    fail({
      expected: `the columns of ${where}, or a list in one column`,
      received: 'both',
      fix: 'Leave width and from out: pass vector({ columns: […] }).',
    });
  },
  needs: (name, { from: column = name, width, columns }) =>
    columns?.map((each) => needOf('numbers', each)) ?? [{ kind: 'vectors', key: name, column, width }],
  fitter: (_, { width }) => ({ add() {}, finish: () => ({ kind: 'vector', width }) }),
  declare: (feature) => ({ width: (feature as VectorDeclaration).width }),
};

/**
 * Declares a vector: a list in each row of one column, or one number in each of several columns.
 *
 * @throws PolytaskError as `numeric` does
 * @example vector({ width: 20 }) // or vector({ columns: ['x0', 'x1', 'x2'] })
 */
export const vector = (given: { width: number; from?: string } | { columns: readonly string[] }): VectorDeclaration =>
  declared('vector', vectorKind, given);
