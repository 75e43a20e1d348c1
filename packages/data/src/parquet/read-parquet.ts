import { fail, optional, suggestion, sum, text, type FromDescription, type Written } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import type { Need } from '../columns/columns.ts';
import type { SchemaTree } from 'hyparquet';
import { valueFor, wrongStored } from '../columns/values.ts';
import { readDeclaration, type Declaration, needsOf } from '../declarations/declaration.ts';
import { limitOption, readBudget, type LimitOption, type ReadBudget } from '../limits/read-limits.ts';
import { tableBuilder, type Sink } from '../table/table-builder.ts';
import type { Table } from '../table/table.ts';
import { openParquet, valuesOf, type ParquetFile, type ParquetSource, type RowRange } from './open-parquet.ts';

export const parquetOptions = {
  /** The name of the source in messages. Default: its path or URL. */
  name: optional(text),
};

export interface ParquetOptions extends Written<typeof parquetOptions>, FromDescription {}

/**
 * Reads the columns of a Parquet file that a declaration names, and no others. Pages are plain, snappy, gzip, zstd, brotli or
 * LZ4. null is a missing value. In a column of numbers, 64-bit integers and dates (milliseconds since 1970) are numbers;
 * elsewhere they are texts (digits, ISO 8601). A list column is for `multiLabel`, `multiValued`, `idSequence`, `sideColumn` or
 * `vector`.
 *
 * @throws PolytaskError for an unknown option, and for a damaged or empty file. With file, row and column: for a missing or
 * nested column, and in a column of numbers for another value, or a 64-bit integer that a double can't hold
 * @example
 * const table = await readParquet('people.parquet', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export async function readParquet<T extends Tasks, F extends string = string>(
  source: ParquetSource,
  options: Declaration<T, F> & ParquetOptions & LimitOption,
): Promise<Table<T, F>> {
  const declared = readDeclaration(options, { ...parquetOptions, ...limitOption }, 'readParquet');
  return readParquetWithin(readBudget(options.limits), source, declared);
}

/** Reads the columns of a Parquet file, and spends its rows and cells. */
export async function readParquetWithin<T extends Tasks, F extends string = string>(
  budget: ReadBudget,
  source: ParquetSource,
  options: Declaration<T, F> & ParquetOptions,
): Promise<Table<T, F>> {
  const file = await openParquet(source, options.name);
  try {
    const { name, ranges } = file;
    if (ranges.length === 0)
      fail({
        expected: `at least one row in ${name}`,
        received: 'none',
        fix: 'Look whether the file is the right one.',
      });
    budget.spendRows(rowsIn(ranges), needsOf(options).length, name);
    return await readRows(file, options, ranges);
  } finally {
    await file.close();
  }
}

export const rowsIn = (ranges: readonly RowRange[]): number => sum(ranges, ({ rowStart, rowEnd }) => rowEnd - rowStart);

/** The row groups of a file, in ranges of at most `most` rows. */
export function* rowRanges({ ranges }: ParquetFile, most: number): Generator<RowRange, void, undefined> {
  for (const { rowStart, rowEnd } of ranges) {
    for (let start = rowStart; start < rowEnd; start += most)
      yield { rowStart: start, rowEnd: Math.min(start + most, rowEnd) };
  }
}

/** Reads ranges of rows, one after the other, into typed columns. */
export async function readRows<T extends Tasks, F extends string = string>(
  file: ParquetFile,
  declaration: Declaration<T, F>,
  ranges: readonly RowRange[],
): Promise<Table<T, F>> {
  const { sinks, finish } = tableBuilder(declaration);
  for (const { need } of sinks) checkColumn(file, need);
  for (const range of ranges) {
    for (const sink of sinks) await fill(file, sink, range);
  }
  const size = rowsIn(ranges);
  const start = ranges[0]?.rowStart ?? 0;
  return finish(size, (row) => `${file.name}, row ${start + row}`);
}

async function fill(file: ParquetFile, { need, builder }: Sink, range: RowRange): Promise<void> {
  const column = await file.readStored({ column: need.column, ...range });
  if ('codes' in column && need.kind === 'texts') {
    const codes = column.dictionary.map((text) => builder.read(text)!);
    builder.addAll(new Float64Array(column.codes).map((code) => codes[code] ?? -1));
    return;
  }
  const values = valuesOf(column);
  for (let i = 0; i < values.length; i++) {
    const value = valueFor(need, values[i]);
    if (!builder.push(value)) wrongStored(value, builder.expected, need, `${file.name}, row ${range.rowStart + i}`);
  }
}

function checkColumn({ name, columns }: ParquetFile, { column, kind }: Need): void {
  const tree = columns.find(({ element }) => element.name === column);
  if (!tree) {
    fail({
      expected: `column "${column}" in ${name}`,
      received: `${columns.length} other ${columns.length === 1 ? 'column' : 'columns'}`,
      fix: suggestion(
        column,
        columns.map(({ element }) => element.name),
      ),
    });
  }
  const listed = kind === 'lists' || kind === 'vectors';
  if (isFlat(tree) || (listed && isList(tree))) return;
  fail({
    expected: `a column "${column}" of single values in ${name}`,
    received: isList(tree) ? 'a list in each row' : 'a nested column',
    fix: isList(tree)
      ? 'Declare it multiValued(), idSequence() or vector({ width }), or the task multiLabel().'
      : 'Write its parts as columns of their own.',
  });
}

/** Whether each row has a single value. */
export const isFlat = ({ children, element }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== 'REPEATED';

/** A list of single values: a repeated column, or one with the format's LIST annotation. */
export const isList = ({ children, element }: SchemaTree): boolean =>
  children.length === 0
    ? element.repetition_type === 'REPEATED'
    : (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') &&
      children.length === 1 &&
      (children[0]!.children.length === 0 ||
        (children[0]!.children.length === 1 && children[0]!.children[0]!.children.length === 0));
