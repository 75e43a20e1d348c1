import { fail, type Row, type Tasks } from '@polytask/core';
import { noColumn, noRows, wrongValue } from '../columns/columns.ts';
import { readDeclaration, type Declaration } from '../declarations/declaration.ts';
import { type Table, type Sink, tableBuilder } from './table.ts';

/**
 * Makes a table of objects. Their keys are the columns; null or undefined is a missing value.
 *
 * @param first the number of the first row, for messages
 * @throws PolytaskError for a column that a row lacks, and for a value of the wrong kind, with its row and column
 * @example
 * const table = fromRows([{ age: 41, state: 'Utah', income: 1 }, { age: 17, state: null, income: 0 }], {
 *   features: { age: numeric(), state: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export function fromRows<T extends Tasks, F extends string = string>(
  rows: Iterable<Row>,
  declaration: Declaration<T, F>,
  first = 0,
): Table<T, F> {
  const collector = rowCollector(readDeclaration(declaration, {}, 'fromRows'), first);
  for (const row of rows) collector.add(row);
  return collector.finish();
}

const EMPTY = 'Look whether the source is empty.';

/** Collects rows one by one, for sources that are no iterables. @param first the number of the first row, for messages */
export function rowCollector<T extends Tasks, F extends string = string>(
  declaration: Declaration<T, F>,
  first = 0,
): { add(row: Row): void; finish(): Table<T, F> } {
  const { sinks, finish } = tableBuilder(declaration);
  let size = 0;
  return {
    add(row) {
      for (const sink of sinks) {
        const { column } = sink.need;
        const value = row[column];
        if (value === undefined && !(column in row))
          noColumn(column, `row ${first + size}`, Object.keys(row), 'Pass null where a value is missing.');
        pushTo(sink, value, first + size);
      }
      size++;
    },
    finish() {
      if (size === 0) noRows('the source', 'none', EMPTY);
      return finish(size, (row) => `row ${first + row}`);
    },
  };
}

function pushTo({ need, builder }: Sink, value: unknown, row: number): void {
  if (builder.push(value)) return;
  wrongValue(value, builder.expected, need.column, `row ${row}`, 'Pass null where a value is missing.');
}

type RawColumns = Readonly<Record<string, ArrayLike<unknown>>>;

/**
 * Makes a table of arrays, one for each column. NaN, null and '' are missing values. A vector's column is an array of lists,
 * or one typed array, row-major [rows × width].
 *
 * @throws PolytaskError for a missing column, columns of different lengths, and a value of the wrong kind
 * @example
 * const table = fromColumns({ age: Float32Array.of(41, NaN), state: ['Utah', 'Iowa'], income: [1, 0] }, {
 *   features: { age: numeric(), state: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export function fromColumns<T extends Tasks, F extends string = string>(
  columns: RawColumns,
  declaration: Declaration<T, F>,
): Table<T, F> {
  const { sinks, finish } = tableBuilder(readDeclaration(declaration, {}, 'fromColumns'));
  const pairs = sinks.map((sink) => ({ ...sink, values: valuesOf(sink, columns) }));
  const [first] = pairs;
  const size = first!.values.length;
  for (const { values, ...sink } of pairs) {
    if (values.length !== size) {
      fail({
        expected: `${size} rows in column "${sink.need.column}", as in column "${first!.need.column}"`,
        received: String(values.length),
        fix: 'Give every column one value for each row.',
      });
    }
    for (let row = 0; row < size; row++) pushTo(sink, values.at(row), row);
  }
  if (size === 0) noRows('the source', 'columns of length 0', EMPTY);
  return finish(size, (row) => `row ${row}`);
}

function valuesOf({ need }: Sink, columns: RawColumns): { length: number; at(row: number): unknown } {
  const values = columns[need.column];
  if (values === undefined) return noColumn(need.column, 'the object', Object.keys(columns));
  if (need.kind !== 'vectors' || !ArrayBuffer.isView(values)) {
    return { length: values.length, at: (row) => values[row] };
  }
  const { width } = need;
  const numbers = values as ArrayLike<unknown>;
  return {
    length: numbers.length / width,
    at: (row) => Array.from({ length: width }, (_, i) => numbers[row * width + i]),
  };
}
