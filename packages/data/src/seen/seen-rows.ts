import { addTo, countsOf, sum } from '@polytask/components';
import { fail, permutation, randomStream } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import type { Parts } from '../fitting/row-split.ts';
import type { Table } from '../table/table.ts';
import { hashesOf, joinHashes, keysOf, type RowHashes } from './row-hashes.ts';

/** The rows that a model was trained with. */
export interface SeenRows {
  /** The training rows, with those of the model whose training was continued. */
  readonly training: RowHashes;
  /** The validation rows, likewise. */
  readonly validation: RowHashes;
  /** The share of validation rows that have the features of a training row. */
  readonly alike: number;
}

/**
 * Hashes the rows of a training.
 *
 * @param parts raw rows
 * @param earlier the rows of the model whose training was continued. Default: a new model was trained
 * @example await writeSeenRows('people-model', seenRows(raw));
 */
export function seenRows(
  { train, validation }: Pick<Parts<Table>, 'train' | 'validation'>,
  earlier?: SeenRows,
): SeenRows {
  const [training, held] = [hashesOf(train), hashesOf(validation)];
  const alike = common(training.features, held.features) / Math.max(1, validation.size);
  return {
    training: joinHashes(earlier ? [training, earlier.training] : [training]),
    validation: joinHashes(earlier ? [held, earlier.validation] : [held]),
    alike: Math.max(alike, earlier?.alike ?? 0),
  };
}

/** If more validation rows than this share have the features of a training row, features don't identify a row. */
const MOST_ALIKE = 0.5;

/** If more rows of the training than this share are in a file with their labels, the file has the rows of the training. */
const IN_FILE = 0.5;

/**
 * Recognizes the rows of a training in the tables of a file. Each row of the training is recognized once: of three rows with the features of
 * two training rows, the third is a new one. Among rows with the same features, which of them are the training's?
 *
 * - If the file has most rows of the training with their labels: those at their places, then those with their labels, then any others.
 *   So of a file with all of them, the rows that aren't recognized are exactly the other ones.
 * - Otherwise random ones, because a choice by labels would change the distribution of the labels of new rows.
 *
 * @param tables all tables of the file: a row of the training is in one of them
 * @param withValidation whether the validation rows of the training count, too
 * @returns for each table [rows], 1 for a row of the training, else 0. Undefined if most rows have the features of other rows and the file
 * hasn't all rows of the training at their places, so that no row can be recognized
 * @example
 * const [isSeen] = recognizeSeen((await readSeenRows('people-model'))!, [table], true)!;
 * const others = table.subset([...isSeen.keys()].filter((row) => isSeen[row] === 0));
 */
export function recognizeSeen(
  { alike, training, validation }: SeenRows,
  tables: readonly Table[],
  withValidation: boolean,
): Uint8Array[] | undefined {
  const seen = keysOf(withValidation ? joinHashes([training, validation]) : training);
  const rows = keysOf(joinHashes(tables.map(hashesOf)));
  const ways = waysToMatch(seen, rows, alike);
  if (!ways) return undefined;
  const isSeen = matched(seen, rows, ways);
  const ends = tables.map((_, t) => sum(tables.slice(0, t + 1), ({ size }) => size));
  return tables.map(({ size }, t) => isSeen.subarray(ends[t]! - size, ends[t]));
}

type Keys = ReturnType<typeof keysOf>;

/** The keys by which rows are matched, from the finest one to the coarsest. */
function waysToMatch(seen: Keys, rows: Keys, alike: number): (keyof Keys)[] | undefined {
  const { length } = seen.features;
  if (alike > MOST_ALIKE) return common(seen.placed, rows.placed) === length ? ['placed'] : undefined;
  const isInFile = common(seen.labeled, rows.labeled) > IN_FILE * length;
  return isInFile ? ['placed', 'labeled', 'features'] : ['features'];
}

function matched(seen: Keys, rows: Keys, ways: readonly (keyof Keys)[]): Uint8Array {
  const isSeen = new Uint8Array(rows.features.length);
  const order = permutation(randomStream(0, 'rows of a training'), isSeen.length);
  const left = ways.map((way) => ({ keys: rows[way], counts: countsOf(seen[way]) }));
  left.forEach(({ keys, counts }, way) => {
    const coarser = left.slice(way); // who has the finer key has the coarser one
    for (const row of order) {
      if (isSeen[row] || !counts.get(keys[row]!)) continue;
      isSeen[row] = 1;
      for (const each of coarser) addTo(each.counts, each.keys[row]!, -1);
    }
  });
  return isSeen;
}

/** How many of some values are among others, each of which counts once. */
function common(values: Float64Array, others: Float64Array): number {
  const ofOthers = countsOf(others);
  return sum([...countsOf(values)], ([value, count]) => Math.min(count, ofOthers.get(value) ?? 0));
}

/** Raw parts, and how many rows of them were left out. */
export interface UnseenParts extends Parts<Table> {
  readonly leftOut?: { readonly validation: number; readonly test: number };
}

/** Leaves rows of the earlier training out of validation, and of training and validation out of the test, if rows can be recognized. */
export function withoutSeen(parts: Parts<Table>, seen: SeenRows): UnseenParts {
  const tables = [parts.train, parts.validation, parts.test];
  const ofTraining = recognizeSeen(seen, tables, false)?.[1];
  const ofBoth = recognizeSeen(seen, tables, true)?.[2];
  if (!ofTraining || !ofBoth) return parts;
  const validation = unseen(parts.validation, ofTraining, 'validation rows');
  const test = unseen(parts.test, ofBoth, 'test rows');
  const leftOut = { validation: parts.validation.size - validation.size, test: parts.test.size - test.size };
  return { train: parts.train, validation, test, leftOut };
}

/** @param isSeen [rows] @param rows what they are, for messages @throws PolytaskError if none is left */
export function unseen(table: Table, isSeen: Uint8Array, rows: string): Table {
  const left = table.subset(allRows(table.size).filter((row) => isSeen[row] === 0));
  if (left.size > 0 || table.size === 0) return left;
  return fail({
    expected: `${rows} that the model wasn't trained on`,
    received: `${table.size} rows, all of which are rows of its training`,
    fix: 'Pass other rows, such as newer ones, or the test rows of the split that the model was trained with.',
  });
}
