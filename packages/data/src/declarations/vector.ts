import { readOptions, checks, type DeclaredFeature, type Options } from '@polytask/core';
import { text } from '../options/checks.ts';
import { declared, type DeclaredKind } from './declared-kind.ts';

/** Numbers that are inputs without scaling: a list in each row, or several columns. None may be missing. */
export interface VectorDeclaration extends DeclaredFeature {
  readonly kind: 'vector';
  /** The length of the list in each row. With `columns`, it is their number. */
  readonly width: number;
  /** The columns, for tables with one number in a cell. */
  readonly columns?: readonly string[];
}

const { listOf, oneOf, optional, wholeNumber } = checks;

/** For a list in one column. */
const ofList: Options<{ width: number; from?: string }> = { from: optional(text), width: wholeNumber(1) };

/** For one number in each of several columns. A declaration that is read again has their number, too. */
const ofColumns = (columns: readonly string[]): Options<{ columns: readonly string[]; width?: number }> => ({
  columns: listOf(text, 1),
  width: optional(oneOf(columns.length)),
});

export const vectorKind: DeclaredKind<VectorDeclaration> = {
  name: 'vector',
  description: 'several numbers, used as they are',
  options: { ...ofList, width: optional(wholeNumber(1)), columns: optional(listOf(text, 1)) },
  complete(given, where) {
    const { columns } = given;
    readOptions(given, (columns ? ofColumns(columns) : ofList) as Options<object>, where);
    return columns ? { width: columns.length, columns } : given;
  },
  needs: (name, { from: column = name, width, columns }) =>
    columns?.map((each) => ({ kind: 'numbers', key: each, column: each })) ?? [
      { kind: 'vectors', key: name, column, width },
    ],
  fitter: (_, { width }) => ({ add() {}, finish: () => ({ kind: 'vector', width }) }),
  declare: (feature) => ({ width: (feature as VectorDeclaration).width }),
};

/**
 * Declares a vector: a list in each row of one column, or one number in each of several columns.
 *
 * @throws PolytaskError as `numeric` does
 * @example vector({ width: 20 }) // or vector({ columns: ['x0', 'x1', 'x2'] })
 */
export const vector = (options: { width: number; from?: string } | { columns: readonly string[] }): VectorDeclaration =>
  declared('vector', vectorKind, options as Omit<VectorDeclaration, 'kind'>);
