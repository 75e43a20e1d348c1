import {
  permutation,
  checkOptions,
  fail,
  randomStream,
  type Options,
  type RandomStream,
  type Tasks,
} from '@polytask/core';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';
import { anything } from '../options/checks.ts';
import { groupsOf, type Table } from '../table/table.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';

export interface SplitOptions {
  /** The fraction of rows for validation, in [0, 1). Default 0. */
  readonly validation?: number;
  /** The fraction of rows for the test. Default 0. */
  readonly test?: number;
  /** Default 0. */
  readonly seed?: number;
}

const SPLIT_OPTIONS: Options<SplitOptions> = { validation: anything, test: anything, seed: anything };

/** The row indices of each part, ascending. Each index is in one part. */
export interface SplitRows {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

export interface Split<T extends Tasks> {
  readonly train: EncodedTable<T>;
  readonly validation: EncodedTable<T>;
  readonly test: EncodedTable<T>;
}

/** The encoded parts of a table, and the indices of their rows in it. */
export interface TableSplit<T extends Tasks> extends Split<T> {
  readonly rows: SplitRows;
}

type Parts<V> = Readonly<Record<keyof SplitRows, V>>;

/** Applies a function to each part. */
export const mapParts = <V, R>({ train, validation, test }: Parts<V>, map: (part: V) => R): Parts<R> => ({
  train: map(train),
  validation: map(validation),
  test: map(test),
});

export interface TableSplitOptions extends SplitOptions {
  /** The column of a feature or a label, or one named in `keep`. Rows with the same value stay in one part: a user's rows, for instance. */
  readonly groupBy?: string;
  /** @deprecated The earlier name of `groupBy`. */
  readonly by?: string;
}

/**
 * Splits a table's rows at random, fits the schema on the training part, and encodes all parts with that schema. Vocabularies,
 * means and deviations thus come from the training rows only.
 *
 * @param options A part with fraction 0, the default, has no rows.
 * @throws PolytaskError for an unknown option, a fraction outside of [0, 1), a part that would be empty, and a column that the
 * table lacks or that has missing values
 * @example const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
 */
export function split<T extends Tasks>(table: Table<T>, options: TableSplitOptions = {}): TableSplit<T> {
  checkOptions(options, { ...SPLIT_OPTIONS, groupBy: anything, by: anything }, 'split');
  const { by, groupBy = by, ...rest } = options;
  const rows = splitRows(table.size, groupBy === undefined ? rest : { ...rest, groups: groupsOf(table, groupBy) });
  const schema = fitSchema(table, rows.train);
  return { ...mapParts(rows, (part) => encode(table, schema, part)), rows };
}

/**
 * Splits the row indices 0 … size − 1 at random.
 *
 * @param options `groups`: [size], a group number for each row. Rows of one group stay in one part. The parts are then as near
 * to their fractions as whole groups allow.
 * @throws PolytaskError for an unknown option, a fraction outside of [0, 1), and a part that would be empty
 * @example splitRows(10, { test: 0.2, seed: 7 }) // { train: 8 rows, validation: none, test: 2 rows }
 */
export function splitRows(size: number, options: SplitOptions & { readonly groups?: ArrayLike<number> }): SplitRows {
  checkOptions(options, { ...SPLIT_OPTIONS, groups: anything }, 'splitRows');
  const { validation = 0, test = 0, seed = 0, groups } = options;
  for (const [name, fraction] of Object.entries({ validation, test, 'validation + test': validation + test })) {
    if (fraction >= 0 && fraction < 1) continue;
    fail({
      expected: `${name} as a fraction of the rows, from 0 to less than 1`,
      received: String(fraction),
      mend: 'Write { validation: 0.1, test: 0.1 } for a tenth each.',
    });
  }
  const targets = { test: Math.round(size * test), validation: Math.round(size * validation) };
  const stream = randomStream(seed, 'split');
  const parts: Parts<ArrayLike<number>> = groups
    ? partsOfGroups(groups, targets, stream)
    : partsOfRows(permutation(stream, size), targets);

  for (const [name, fraction] of Object.entries({ train: 1, validation, test }) as [keyof SplitRows, number][]) {
    if (fraction === 0 || parts[name].length > 0) continue;
    fail({
      expected: `enough ${groups ? 'groups' : 'rows'} for the ${name} part to have some`,
      received: `${size} rows${groups ? ` in ${new Set(Array.from(groups)).size} groups` : ''}`,
      mend: 'Change the fractions, or take more rows.',
    });
  }
  return mapParts(parts, (rows) => Uint32Array.from(rows).sort());
}

/** The number of rows that each part should have. */
interface Targets {
  readonly validation: number;
  readonly test: number;
}

const partsOfRows = (order: Uint32Array, { validation, test }: Targets): SplitRows => ({
  test: order.subarray(0, test),
  validation: order.subarray(test, test + validation),
  train: order.subarray(test + validation),
});

/** Takes groups in random order. A group goes to the test, or else to validation, if that brings the part nearer to its target. */
function partsOfGroups(groups: ArrayLike<number>, targets: Targets, stream: RandomStream): Parts<number[]> {
  const members = new Map<number, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const group = members.get(groups[row]!);
    if (group) group.push(row);
    else members.set(groups[row]!, [row]);
  }
  const rowsByGroup = [...members.values()];
  const parts: Parts<number[]> = { test: [], validation: [], train: [] };
  for (const g of permutation(stream, rowsByGroup.length)) {
    const rows = rowsByGroup[g]!;
    const part =
      (['test', 'validation'] as const).find((name) => parts[name].length + rows.length / 2 <= targets[name]) ??
      'train';
    for (const row of rows) parts[part].push(row);
  }
  return parts;
}

/**
 * Puts rows into a random order, which depends on the seed only.
 *
 * @param table a raw table or an encoded one
 * @example const shuffled = shuffle(table, 7);
 */
export const shuffle = <S extends { readonly size: number; subset(rows: ArrayLike<number>): S }>(
  table: S,
  seed: number,
): S => table.subset(permutation(randomStream(seed, 'shuffle'), table.size));
