import { groupBy } from '@polytask/components';
import { permutation, readOptions, fail, randomStream, type Options, type RandomStream } from '@polytask/core';
import { anything } from '../options/checks.ts';
import { dealStrata, type Strata } from './deal-rows.ts';

export interface SplitOptions {
  /** The fraction of rows for validation, in [0, 1). Default 0. */
  readonly validation?: number;
  /** The fraction of rows for the test. Default 0. */
  readonly test?: number;
  /** Default 0. */
  readonly seed?: number;
}

const SPLIT_OPTIONS: Options<SplitOptions> = { validation: anything, test: anything, seed: anything };

/** What is known of the rows to split. Default: nothing, each row for itself. */
export interface RowsToDeal {
  /** [size], a group number for each row. Rows of one group stay in one part. */
  readonly groups?: ArrayLike<number>;
  /** [size], the labels of each row as numbers. Each part has its share of each label. */
  readonly strata?: Strata;
}

/** The row indices of each part, ascending. Each index is in one part. */
export interface SplitRows {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

export type Parts<V> = Readonly<Record<keyof SplitRows, V>>;

/** Applies a function to each part. */
export const mapParts = <V, R>({ train, validation, test }: Parts<V>, map: (part: V) => R): Parts<R> => ({
  train: map(train),
  validation: map(validation),
  test: map(test),
});

/**
 * Splits the row indices 0 … size − 1 at random.
 *
 * @param options `groups`: [size], a group number for each row. Rows of one group stay in one part. The parts are then as near
 * to their fractions as whole groups allow. `strata`: [size], the labels of each row; each part has its share of each label.
 * @throws PolytaskError for an unknown option, a fraction outside of [0, 1), and a part that would be empty
 * @example splitRows(10, { test: 0.2, seed: 7 }) // { train: 8 rows, validation: none, test: 2 rows }
 */
export function splitRows(size: number, options: SplitOptions & RowsToDeal): SplitRows {
  readOptions(options, { ...SPLIT_OPTIONS, groups: anything, strata: anything }, 'splitRows');
  const { validation = 0, test = 0, seed = 0, groups, strata } = options;
  for (const [name, fraction] of Object.entries({ validation, test, 'validation + test': validation + test })) {
    if (fraction >= 0 && fraction < 1) continue;
    fail({
      expected: `${name} as a fraction of the rows, from 0 to less than 1`,
      received: String(fraction),
      fix: 'Write { validation: 0.1, test: 0.1 } for a tenth each.',
    });
  }
  const targets = { test: Math.round(size * test), validation: Math.round(size * validation) };
  const stream = randomStream(seed, 'split');
  const parts: Parts<ArrayLike<number>> = groups
    ? partsOfGroups(groups, targets, stream)
    : strata
      ? partsOfStrata(strata, { validation, test }, stream)
      : partsOfRows(permutation(stream, size), targets);

  for (const [name, fraction] of Object.entries({ train: 1, validation, test }) as [keyof SplitRows, number][]) {
    if (fraction === 0 || parts[name].length > 0) continue;
    fail({
      expected: `enough ${groups ? 'groups' : 'rows'} for the ${name} part to have some`,
      received: `${size} rows${groups ? ` in ${new Set(Array.from(groups)).size} groups` : ''}`,
      fix: 'Change the fractions, or take more rows.',
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
  const rowsByGroup = [...groupBy(Array(groups.length).keys(), (row) => groups[row]!).values()];
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

function partsOfStrata(strata: Strata, { validation, test }: Targets, stream: RandomStream): Parts<ArrayLike<number>> {
  const partOf = dealStrata(strata, [1 - validation - test, validation, test], stream);
  const rows = Uint32Array.from(strata.keys());
  const of = (part: number) => rows.filter((row) => partOf[row] === part);
  return { train: of(0), validation: of(1), test: of(2) };
}
