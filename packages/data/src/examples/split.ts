import { checkOptions, fail, randomStream, type Options, type Tasks } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { anything } from '../options/checks.ts';
import { groupsOf, type Table } from '../table/table.ts';
import type { EncodedTable } from './encoded-table.ts';

export interface SplitOptions {
  /** The fraction of rows for validation, in [0, 1). Default 0. */
  readonly validation?: number;
  /** The fraction of rows for the test. Default 0. */
  readonly test?: number;
  /** Default 0. */
  readonly seed?: number;
}

const SPLIT_OPTIONS: Options<SplitOptions> = { validation: anything, test: anything, seed: anything };

/** Row numbers, each once, ascending in each part. */
export interface SplitRows {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Shares 0 … size − 1 out at random.
 *
 * @param options `groups`: [size], a number for each row; rows of one group stay together, and the parts are then as near
 * to their fractions as whole groups allow
 * @throws PolytaskError where an option is unknown, a fraction is none, or a part that is asked for would be empty
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
  const order = randomStream(seed, 'split');
  const parts = groups ? shareGroups(groups, targets, order) : shareRows(order.permutation(size), targets);

  for (const [name, asked] of Object.entries({ train: 1, validation, test }) as [keyof SplitRows, number][]) {
    if (asked === 0 || parts[name].length > 0) continue;
    fail({
      expected: `enough ${groups ? 'groups' : 'rows'} for the ${name} part to have some`,
      received: `${size} rows${groups ? ` in ${new Set(Array.from(groups)).size} groups` : ''}`,
      mend: 'Change the fractions, or take more rows.',
    });
  }
  return parts;
}

interface Targets {
  readonly validation: number;
  readonly test: number;
}

function shareRows(order: Uint32Array, { validation, test }: Targets): SplitRows {
  return {
    test: order.slice(0, test).sort(),
    validation: order.slice(test, test + validation).sort(),
    train: order.slice(test + validation).sort(),
  };
}

/** Takes groups in random order: for the test while it is nearer to its target with the group than without, and so on. */
function shareGroups(groups: ArrayLike<number>, targets: Targets, stream: ReturnType<typeof randomStream>): SplitRows {
  const members = new Map<number, number[]>();
  for (let row = 0; row < groups.length; row++) {
    const group = members.get(groups[row]!);
    if (group) group.push(row);
    else members.set(groups[row]!, [row]);
  }
  const all = [...members.values()];
  const parts: Record<keyof SplitRows, number[]> = { test: [], validation: [], train: [] };
  const order = [...stream.permutation(all.length)];
  for (const g of order) {
    const rows = all[g]!;
    const part =
      (['test', 'validation'] as const).find((name) => parts[name].length + rows.length / 2 <= targets[name]) ??
      'train';
    for (const row of rows) parts[part].push(row);
  }
  return {
    train: Uint32Array.from(parts.train).sort(),
    validation: Uint32Array.from(parts.validation).sort(),
    test: Uint32Array.from(parts.test).sort(),
  };
}

export interface Split<T extends Tasks> {
  readonly train: EncodedTable<T>;
  readonly validation: EncodedTable<T>;
  readonly test: EncodedTable<T>;
}

/**
 * Shares a table's rows out at random, fits the schema on the training part and encodes all parts with it: vocabularies,
 * means and deviations come from the training rows only.
 *
 * @param options `by`: a column whose rows with the same value stay in one part (a user's, for instance): a feature's, a
 * label's, or one named in `keep`. A part with fraction 0, the default, has size 0.
 * @throws PolytaskError where an option is unknown, a fraction is none, a part would be empty, or the column is not there or has gaps
 * @example const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
 */
export function split<T extends Tasks>(
  table: Table<T>,
  options: SplitOptions & { readonly by?: string } = {},
): Split<T> {
  checkOptions(options, { ...SPLIT_OPTIONS, by: anything }, 'split');
  const { by, ...rest } = options;
  const rows = splitRows(table.size, by === undefined ? rest : { ...rest, groups: groupsOf(table, by) });
  const schema = fitSchema(table, rows.train);
  return {
    train: encode(table, schema, rows.train),
    validation: encode(table, schema, rows.validation),
    test: encode(table, schema, rows.test),
  };
}

/**
 * The same rows in a random order, which depends on the seed alone.
 *
 * @param table a raw table or an encoded one
 * @example const shuffled = shuffle(table, 7);
 */
export const shuffle = <S extends { readonly size: number; subset(rows: ArrayLike<number>): S }>(
  table: S,
  seed: number,
): S => table.subset(randomStream(seed, 'shuffle').permutation(table.size));
