import { mapValues, sum } from '@polytask/components';
import { fail, type Tasks } from '@polytask/core';
import { Dictionary } from '../columns/builders.ts';
import { joinArrays, type ColumnForms, type Lists, type Texts } from '../columns/columns.ts';
import { createTable, type Table } from './table.ts';

/**
 * Puts the rows of several tables one after the other.
 *
 * @param tables each with the columns that the first table's declaration reads
 * @throws PolytaskError without a table, and for a table that lacks a column of the first one
 * @example const table = concatenate([await readCsv('april.csv', options), await readCsv('may.csv', options)]);
 */
export function concatenate<T extends Tasks, F extends string = string>(tables: readonly Table<T, F>[]): Table<T, F> {
  const first = tables[0];
  if (!first) return fail({ expected: 'at least one table', received: 'none', fix: 'Pass concatenate([a, b]).' });
  const starts = tables.map((_, t) => sum(tables.slice(0, t), ({ size }) => size));
  const size = sum(tables, (table) => table.size);
  const { numbers, texts, lists, vectors } = first.columns;
  const columns = {
    numbers: mapValues(numbers, (_, key) => joinArrays(partsOf(tables, 'numbers', key), Float64Array)),
    texts: mapValues(texts, (_, key) => joinTexts(partsOf(tables, 'texts', key))),
    lists: mapValues(lists, (_, key) => joinLists(partsOf(tables, 'lists', key))),
    vectors: mapValues(vectors, ({ width }, key) => {
      const parts = partsOf(tables, 'vectors', key).map(({ values }) => values);
      return { width, values: joinArrays(parts, Float32Array) };
    }),
  };
  const where = (row: number) => {
    const t = starts.findLastIndex((start) => start <= row);
    return tables[t]!.where(row - starts[t]!);
  };
  const skipped = tables.flatMap((table) => table.skipped ?? []);
  return createTable(first, columns, size, where, skipped);
}

const partsOf = <K extends keyof ColumnForms>(tables: readonly Table[], form: K, key: string): ColumnForms[K][] =>
  tables.map(
    ({ columns }) =>
      columns[form][key] ??
      fail({
        expected: `column "${key}" as ${form} in every table`,
        received: `a table without it`,
        fix: 'Read all the tables with the same declaration.',
      }),
  );

/** Joins texts by one dictionary. The codes of a list column are joined in the same way. */
function joinTexts(parts: readonly (Texts | Lists)[]): Texts {
  const dictionary = new Dictionary();
  const recoded = parts.map((part) => {
    const codeOf = Int32Array.from(part.dictionary, (text) => dictionary.codeOf(text));
    return part.codes.map((code) => (code < 0 ? -1 : codeOf[code]!));
  });
  return { codes: joinArrays(recoded, Int32Array), dictionary: dictionary.texts };
}

function joinLists(parts: readonly Lists[]): Lists {
  const offsets = new Uint32Array(1 + sum(parts, ({ offsets }) => offsets.length - 1));
  let [row, start] = [1, 0];
  for (const part of parts) {
    for (let r = 1; r < part.offsets.length; r++) offsets[row++] = start + part.offsets[r]!;
    start += part.codes.length;
  }
  return { ...joinTexts(parts), offsets, separator: parts[0]!.separator };
}
