import { fail, type Tasks } from '@polytask/core';
import type { Columns, ColumnForms, Lists, Texts, Vectors } from '../columns/columns.ts';
import { Dictionary } from '../columns/builders.ts';
import { createTable, type Table } from './table.ts';

/**
 * The rows of several tables, one after the other. They must have the columns that the first one's declaration reads.
 *
 * @example const table = concatenate([await readCsv('april.csv', options), await readCsv('may.csv', options)]);
 */
export function concatenate<T extends Tasks>(tables: readonly Table<T>[]): Table<T> {
  const first = tables[0];
  if (!first) return fail({ expected: 'at least one table', received: 'none', mend: 'Pass concatenate([a, b]).' });
  const starts = tables.map((_, t) => tables.slice(0, t).reduce((sum, { size }) => sum + size, 0));
  const size = tables.reduce((sum, table) => sum + table.size, 0);
  return createTable(first, joined(tables), size, (row) => {
    const t = starts.findLastIndex((start) => start <= row);
    return tables[t]!.where(row - starts[t]!);
  });
}

function joined(tables: readonly Table[]): Columns {
  const each = <K extends keyof ColumnForms>(form: K, join: (parts: ColumnForms[K][]) => ColumnForms[K]): Columns[K] =>
    Object.fromEntries(
      Object.keys(tables[0]!.columns[form]).map((key) => [key, join(tables.map((table) => partOf(table, form, key)))]),
    ) as Columns[K];
  return {
    numbers: each('numbers', (parts) => join((length) => new Float64Array(length), parts)),
    texts: each('texts', joinTexts),
    lists: each('lists', joinLists),
    vectors: each('vectors', (parts): Vectors => ({
      width: parts[0]!.width,
      values: join(
        (length) => new Float32Array(length),
        parts.map(({ values }) => values),
      ),
    })),
  };
}

function partOf<K extends keyof ColumnForms>(table: Table, form: K, key: string): ColumnForms[K] {
  return (
    table.columns[form][key] ??
    fail({
      expected: `column "${key}" as ${form} in every table`,
      received: `a table without it`,
      mend: 'Read all the tables with the same declaration.',
    })
  );
}

function joinTexts(parts: readonly Texts[]): Texts {
  const dictionary = new Dictionary();
  const codes = parts.map((part) => recode(part, dictionary));
  return { codes: join((length) => new Int32Array(length), codes), dictionary: dictionary.texts };
}

function joinLists(parts: readonly Lists[]): Lists {
  const { codes, dictionary } = joinTexts(parts);
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.offsets.length - 1, 1));
  let [row, start] = [1, 0];
  for (const part of parts) {
    for (let r = 1; r < part.offsets.length; r++) offsets[row++] = start + part.offsets[r]!;
    start += part.codes.length;
  }
  return { offsets, codes, dictionary, separator: parts[0]!.separator };
}

function recode({ codes, dictionary }: Texts | Lists, joint: Dictionary): Int32Array {
  const other = Int32Array.from(dictionary, (text) => joint.codeOf(text));
  return codes.map((code) => (code < 0 ? -1 : other[code]!));
}

function join<A extends Float64Array | Float32Array | Int32Array>(make: (length: number) => A, parts: readonly A[]): A {
  const all = make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
