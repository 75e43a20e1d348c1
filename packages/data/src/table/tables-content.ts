import { sha256Of } from '@polytask/core';
import { usedTexts, type Texts } from '../columns/columns.ts';
import type { Table } from './table.ts';

/**
 * A hash of the raw rows of tables: every cell that the tables hold, by row and column, and so labels, sample weights and groups, too.
 * It depends on the order of the rows, of the features and of the tasks. It doesn't depend on the names, places and formats of files, nor
 * on columns that the declaration doesn't name.
 *
 * @param tables by the names of their parts. An undefined one is left out
 * @returns 16 hexadecimal digits
 * @example await tablesContent({ train: await readCsv('people.csv', { features, tasks }) })
 */
export const tablesContent = async (tables: Readonly<Record<string, Table | undefined>>): Promise<string> =>
  (await sha256Of(piecesOf(tables))).slice(0, 16);

function* piecesOf(tables: Readonly<Record<string, Table | undefined>>): Generator<Uint8Array> {
  for (const [part, table] of sorted(tables)) {
    if (!table) continue;
    const { size, features, tasks, columns } = table;
    yield bytesOf([part, size, Object.keys(features), Object.keys(tasks)]);
    for (const [name, values] of sorted(columns.numbers)) {
      yield bytesOf(['numbers', name]);
      yield* numberPieces(values);
    }
    for (const [name, texts] of sorted(columns.texts)) {
      yield bytesOf(['texts', name]);
      yield* textPieces(texts);
    }
    for (const [name, { offsets, separator, ...texts }] of sorted(columns.lists)) {
      yield bytesOf(['lists', name, separator]);
      yield bytesIn(offsets);
      yield* textPieces(texts);
    }
    for (const [name, { width, values }] of sorted(columns.vectors)) {
      yield bytesOf(['vectors', name, width]);
      yield* numberPieces(values);
    }
  }
}

/** The order of columns in a file doesn't matter. */
const sorted = <V>(record: Readonly<Record<string, V>>): [string, V][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** How many values a piece has. A whole dictionary may be longer than a string can be. */
const PIECE = 1 << 16;

/** The texts that rows have, in the order of their first rows, and their codes: a dictionary may hold others, in another order. */
function* textPieces(texts: Texts): Generator<Uint8Array> {
  const { codes, dictionary } = usedTexts(texts);
  for (let from = 0; from < dictionary.length; from += PIECE) yield bytesOf(dictionary.slice(from, from + PIECE));
  yield bytesIn(codes);
}

/** NaN has several bit patterns, of which machines choose different ones. Each piece has one. */
function* numberPieces(values: Float64Array | Float32Array): Generator<Uint8Array> {
  for (let from = 0; from < values.length; from += PIECE) {
    const piece = values.slice(from, from + PIECE);
    for (let i = 0; i < piece.length; i++) if (piece[i] !== piece[i]) piece[i] = NaN;
    yield bytesIn(piece);
  }
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

const bytesIn = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
