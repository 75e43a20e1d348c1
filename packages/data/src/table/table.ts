import { fail, inNotebook, recordOf, suggestion } from '@polytask/components';
import { type Tasks, sha256Of } from '@polytask/core';
import {
  checkRows,
  FORMS,
  gatherColumns,
  type ColumnRows,
  type Columns,
  type ColumnForms,
  type Need,
  usedTexts,
  type Texts,
} from '../columns/columns.ts';
import { declarationOf, type Declaration, needsOf } from '../declarations/declaration.ts';
import { listsBuilder, numbersBuilder, textsBuilder, vectorsBuilder, type ColumnBuilder } from '../columns/builders.ts';
import { cellReader, type CellReader } from '../columns/cells.ts';
import { tableView } from './table-view.ts';

/** Raw rows in typed columns, with their declaration. They are neither fitted nor encoded. */
export interface Table<T extends Tasks = Tasks, F extends string = string> extends Declaration<T, F>, ColumnRows {
  /** The rows of the file that `skipBadRows` left out, as `people.csv, line 7: 5 cells in place of 6`. Undefined for none. */
  readonly skipped?: readonly string[];
  /** The rows with these indices, in this order. */
  subset(rows: ArrayLike<number>): Table<T, F>;
}

export function createTable<T extends Tasks, F extends string = string>(
  declared: Declaration<T, F>,
  columns: Columns,
  size: number,
  where: (row: number) => string,
  skipped: readonly string[] = [],
): Table<T, F> {
  const declaration = declarationOf(declared);
  const table: Table<T, F> = {
    ...declaration,
    size,
    columns,
    where,
    ...(skipped.length > 0 && { skipped }),
    subset(rows) {
      checkRows(rows, size);
      return createTable(declaration, gatherColumns(columns, rows), rows.length, (row) => where(rows[row]!));
    },
  };
  return inNotebook(table, tableView);
}

/**
 * Gives each row a group number. Rows with the same value in a column have the same number. `evaluate` takes the numbers as
 * `groups`, for AUC by user, and so does `splitRows`. Rows of a table that declares the column as `groups` carry them already.
 *
 * @param column a feature's, a label's, or one named in `keep`
 * @returns [rows]
 * @throws PolytaskError for a column that the table lacks, or that has missing values
 * @example await evaluate(model, test, { groups: groupsOf(raw.test, 'user_id') });
 */
export function groupsOf({ columns, where }: Table, column: string): ArrayLike<number> {
  const groups = columns.texts[column]?.codes ?? columns.numbers[column];
  if (!groups) {
    const names = [...Object.keys(columns.texts), ...Object.keys(columns.numbers)];
    const keep = `A column that is neither feature nor label is read with keep: ["${column}"].`;
    return fail({
      expected: `column "${column}" in the table, to group rows by`,
      received: 'a table without it',
      fix: `${suggestion(column, names)} ${keep}`,
    });
  }
  const missing = columns.texts[column] ? -1 : NaN;
  const gap = Array.prototype.findIndex.call(groups, (group) => Object.is(group, missing));
  if (gap >= 0) {
    fail({
      expected: `a value in every row of column "${column}", to group rows by`,
      received: `none in ${where(gap)}`,
      fix: 'Give those rows a value of their own, or leave them out.',
    });
  }
  return groups;
}

export interface Sink {
  readonly need: Need;
  readonly cells: CellReader;
  readonly builder: ColumnBuilder<ColumnForms[keyof ColumnForms]>;
}

/**
 * A table in progress. A reader pushes one value a row into each sink, and calls `finish` after the last row.
 *
 * @param file what a text file says of the cells of all its columns
 */
export function tableBuilder<T extends Tasks, F extends string = string>(
  declaration: Declaration<T, F>,
  file?: Parameters<typeof cellReader>[1],
) {
  const sinks = needsOf(declaration).map((need): Sink => {
    const cells = cellReader(declaration.cells?.[need.column], file);
    return { need, cells, builder: builderOf(need, cells) };
  });
  const columnsOf = (form: keyof ColumnForms) =>
    Object.fromEntries(
      sinks.filter(({ need }) => need.kind === form).map(({ need, builder }) => [need.key, builder.finish()]),
    );
  return {
    sinks,
    finish(size: number, where: (row: number) => string, skipped?: readonly string[]): Table<T, F> {
      return createTable(declaration, recordOf(FORMS, columnsOf) as Columns, size, where, skipped);
    },
  };
}

function builderOf(need: Need, cells: CellReader): Sink['builder'] {
  switch (need.kind) {
    case 'numbers':
      return numbersBuilder(cells);
    case 'texts':
      return textsBuilder(cells);
    case 'lists':
      return listsBuilder(need.separator, need.empty, cells, need.emptyCell);
    case 'vectors':
      return vectorsBuilder(need.width);
  }
}

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
