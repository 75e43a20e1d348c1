import { sum } from '@polytask/components';
import type { Row, Tasks } from '@polytask/core';
import { nameOf, type FileSource } from '../csv/open-source.ts';
import { noColumn, noRows, valueFor, withoutMarkers, wrongStored } from '../columns/columns.ts';
import { declarationOf, type Declaration, needsOf } from '../declarations/declaration.ts';
import { rowSampler } from '../sampling/row-sampler.ts';
import {
  MOST_CHARACTERS,
  MOST_ROWS,
  noTextOptions,
  type SampleColumn,
  storedColumn,
} from '../sampling/table-sample.ts';
import { UNLIMITED, type ReadBudget } from '../limits/read-limits.ts';
import { type Table, tableBuilder } from '../table/table.ts';
import type { CsvOptions } from '../csv/csv-options.ts';
import type { FileReader, ReadRows } from './reader.ts';

/** The rows of a table of a stream. */
const CHUNK = 1 << 16;

export const rowReader = (rows: ReadRows): FileReader => ({
  async read(budget, source, options) {
    const { value } = await tablesOf(rows, budget, source, options, Infinity).next();
    return value as Table; // there is exactly one: a file without rows is an error
  },
  async stream(source, options) {
    const declaration = declarationOf(options);
    needsOf(declaration); // throws for a wrong one before the file is opened
    return { ...declaration, tables: () => tablesOf(rows, UNLIMITED, source, options, CHUNK) };
  },
  async sample(source, { name, rows: most = MOST_ROWS, ...others }) {
    noTextOptions(others, name);
    const columns = new Set<string>();
    const sampler = rowSampler<Row>({ rows: most, weight: MOST_CHARACTERS }, (row) => row);
    let total = 0;
    for await (const row of rows(source, () => undefined)) {
      for (const key of Object.keys(row)) columns.add(key);
      sampler.add(row, weightOf(row));
      total++;
    }
    if (total === 0 || columns.size === 0) noRows(name);
    const chosen = sampler.finish();
    return {
      columns: [...columns].map((column) => sampleColumn(column, chosen.map(valueIn(column)))),
      ...{ size: chosen.length, total, csv: undefined, warnings: [] },
    };
  },
});

async function* tablesOf<T extends Tasks>(
  rows: ReadRows,
  budget: ReadBudget,
  source: FileSource,
  options: Declaration<T> & Pick<CsvOptions, 'missing'>,
  most: number,
): AsyncGenerator<Table<T>, void, undefined> {
  const declaration = declarationOf(options);
  const unmarked = withoutMarkers(options.missing);
  const name = nameOf(source);
  const columns = needsOf(declaration).length;
  const absent = new Set(needsOf(declaration).map(({ column }) => column));
  let [table, start, size] = [tableBuilder(declaration), 0, 0];
  let keys: string[] = [];
  const finish = () => table.finish(size, (row) => `${name}, row ${start + row}`);
  for await (const row of rows(source, (bytes) => budget.spendText(bytes, name))) {
    if (size === most) {
      yield finish();
      [table, start, size] = [tableBuilder(declaration), start + size, 0];
    }
    budget.spendRows(1, columns, name);
    for (const { need, builder } of table.sinks) {
      if (Object.hasOwn(row, need.column)) absent.delete(need.column);
      const value = valueFor(need, unmarked(valueIn(need.column)(row)));
      if (!builder.push(value)) wrongStored(value, builder.expected, need, `${name}, row ${start + size}`);
    }
    if (start + size++ === 0) keys = Object.keys(row);
  }
  if (start + size === 0) noRows(name);
  for (const column of absent) noColumn(column, name, keys);
  yield finish();
}

const valueIn =
  (column: string) =>
  (row: Row): unknown =>
    Object.hasOwn(row, column) ? row[column] : null;

/** About the characters of a row, with one for each cell. */
const weightOf = (row: Row): number =>
  sum(
    Object.values(row),
    (value) => 1 + (typeof value === 'string' ? value.length : Array.isArray(value) ? 8 * value.length : 8),
  );

/** A column whose rows have lists in some and single values in others is one that no feature reads. */
function sampleColumn(name: string, values: readonly unknown[]): SampleColumn {
  const present = values.filter((value) => value !== null && value !== undefined);
  const lists = present.filter(Array.isArray).length;
  const column = storedColumn(name, values, lists > 0);
  return lists > 0 && lists < present.length ? { ...column, stored: 'others' } : column;
}
