import { checks, fail, suggestion, type Options, type Tasks } from '@polytask/core';
import type { SchemaTree } from 'hyparquet';
import { wrongValue } from '../columns/values.ts';
import { checkDeclaration, type Declaration } from '../declarations/declaration.ts';
import type { Need } from '../fitting/feature-kinds.ts';
import { text } from '../options/checks.ts';
import { tableBuilder, type Sink } from '../table/table-builder.ts';
import type { Table } from '../table/table.ts';
import { openParquet, damaged, type ParquetSource, type ParquetFile } from './open-parquet.ts';

export interface ParquetOptions {
  /** What messages call the source. Default: its path or URL. */
  readonly name?: string;
}

export const PARQUET_OPTIONS: Options<ParquetOptions> = { name: checks.optional(text) };

/**
 * Reads the columns of a Parquet file that a declaration asks for; no other is touched. Plain, snappy, gzip, zstd, brotli and
 * LZ4 pages, dictionaries, optional columns. null is a missing value; 64-bit integers and dates (milliseconds since 1970) are
 * numbers where a number is wanted, and texts (digits, ISO 8601) elsewhere. A list column is for `multiValued` or `vector`.
 *
 * @throws PolytaskError naming file, row and column: for a column that is not there or is nested, a value that is no number
 * where one is needed (a 64-bit integer that a double can't hold among them), a damaged or empty file
 * @example
 * const table = await readParquet('people.parquet', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export async function readParquet<T extends Tasks>(
  source: ParquetSource,
  options: Declaration<T> & ParquetOptions,
): Promise<Table<T>> {
  checkDeclaration(options, PARQUET_OPTIONS, 'readParquet');
  const file = await openParquet(source, options.name);
  if (file.scan.ranges.length === 0) {
    fail({
      expected: `at least one row in ${file.name}`,
      received: 'none',
      mend: 'Look whether the file is the right one.',
    });
  }
  return readRows(file, options, file.scan.ranges);
}

/** Rows of a file; `rowEnd` is no longer one of them. */
interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** The row groups of a file, those of more than so many rows cut. */
export function* rowRanges({ scan }: ParquetFile, most: number): Generator<RowRange, void, undefined> {
  for (const { rowStart, rowEnd } of scan.ranges) {
    for (let start = rowStart; start < rowEnd; start += most)
      yield { rowStart: start, rowEnd: Math.min(start + most, rowEnd) };
  }
}

/** Reads some rows, column by column, into typed columns. Several ranges are put one behind the other. */
export async function readRows<T extends Tasks>(
  file: ParquetFile,
  declaration: Declaration<T>,
  ranges: readonly RowRange[],
): Promise<Table<T>> {
  const { sinks, finish } = tableBuilder(declaration);
  for (const { need } of sinks) checkColumn(file, need);
  for (const range of ranges) {
    for (const sink of sinks) await fill(file, sink, range);
  }
  const size = ranges.reduce((sum, { rowStart, rowEnd }) => sum + rowEnd - rowStart, 0);
  const start = ranges[0]?.rowStart ?? 0;
  return finish(size, (row) => `${file.name}, row ${start + row}`);
}

async function fill({ name, scan }: ParquetFile, { need, builder }: Sink, range: RowRange): Promise<void> {
  const values = await scan
    .readColumn({ column: need.column, ...range })
    .catch((error: unknown) => damaged(name, error));
  const read = need.kind === 'numbers' || need.kind === 'vectors' ? asNumber : asText;
  for (let i = 0; i < values.length; i++) {
    const value = read(values[i]);
    if (builder.push(value)) continue;
    const mend =
      need.kind === 'numbers'
        ? 'Correct it, or declare the column categorical().'
        : 'Write null where a value is missing.';
    wrongValue(value, builder.expected, need.column, `${name}, row ${range.rowStart + i}`, mend);
  }
}

/** A value where a number is wanted: 64-bit integers as far as a double has them, dates as milliseconds since 1970. */
function asNumber(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date) return value.getTime();
  return Array.isArray(value) ? value.map(asNumber) : value;
}

/** A value where a text is wanted. */
function asText(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(asText) : value;
}

function checkColumn({ name, columns }: ParquetFile, { column, kind }: Need): void {
  const found = columns.find(({ element }) => element.name === column);
  if (!found) {
    fail({
      expected: `column "${column}" in ${name}`,
      received: `${columns.length} other ${columns.length === 1 ? 'column' : 'columns'}`,
      mend: suggestion(
        column,
        columns.map(({ element }) => element.name),
      ),
    });
  }
  const listed = kind === 'lists' || kind === 'vectors';
  if (isFlat(found) || (listed && isList(found))) return;
  fail({
    expected: `a column "${column}" of single values in ${name}`,
    received: isList(found) ? 'a list in each row' : 'a nested column',
    mend: isList(found)
      ? 'Declare it multiValued(), or vector({ width }).'
      : 'Write its parts as columns of their own.',
  });
}

const isFlat = ({ children, element }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== 'REPEATED';

/** A list of single values, as the format's LIST annotation or a repeated column says it. */
const isList = ({ children, element }: SchemaTree): boolean =>
  children.length === 0
    ? element.repetition_type === 'REPEATED'
    : (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') &&
      children.length === 1 &&
      (children[0]!.children.length === 0 ||
        (children[0]!.children.length === 1 && children[0]!.children[0]!.children.length === 0));
