import type { Columns, Lists, Texts, Vectors } from './columns.ts';
import { gather } from './gather.ts';

/** The same columns with only these rows, in this order. Dictionaries are shared. */
export function gatherColumns(columns: Columns, rows: ArrayLike<number>): Columns {
  return {
    numbers: mapValues(columns.numbers, (values) => gather(values, 1, rows, new Float64Array(rows.length))),
    texts: mapValues(columns.texts, ({ codes, dictionary }): Texts => ({
      codes: gather(codes, 1, rows, new Int32Array(rows.length)),
      dictionary,
    })),
    lists: mapValues(columns.lists, (lists) => gatherLists(lists, rows)),
    vectors: mapValues(columns.vectors, ({ width, values }): Vectors => ({
      width,
      values: gather(values, width, rows, new Float32Array(rows.length * width)),
    })),
  };
}

function gatherLists({ offsets, codes, ...rest }: Lists, rows: ArrayLike<number>): Lists {
  const starts = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) starts[i + 1] = starts[i]! + offsets[rows[i]! + 1]! - offsets[rows[i]!]!;
  const gathered = new Int32Array(starts[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    gathered.set(codes.subarray(offsets[rows[i]!], offsets[rows[i]! + 1]), starts[i]);
  }
  return { offsets: starts, codes: gathered, ...rest };
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
