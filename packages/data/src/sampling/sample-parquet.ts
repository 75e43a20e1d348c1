import { sum } from '@polytask/components';
import { noRows } from '../columns/columns.ts';
import {
  isFlat,
  isList,
  rowsIn,
  openParquet,
  type ParquetFile,
  type ParquetSource,
  type RowRange,
} from '../parquet/read-parquet.ts';
import { drawsOf } from '../statistics/draws.ts';
import { MOST_ROWS, type SampleColumn, type TableSample, storedColumn } from './table-sample.ts';

const MOST_CELLS = 2_000_000;
const MOST_GROUPS = 64;

/** Takes one row of each of `rows` equal parts of a Parquet file at random, from at most 64 row groups, evenly from first to last. */
export async function sampleParquet(source: ParquetSource, name: string, rows = MOST_ROWS): Promise<TableSample> {
  const file = await openParquet(source, name);
  try {
    const total = rowsIn(file.ranges);
    if (total === 0 || file.columns.length === 0) noRows(name);
    const ranges = evenly(file.ranges, MOST_GROUPS);
    const cells = Math.max(1, Math.floor(MOST_CELLS / file.columns.length));
    const chosen = rowsOf(ranges, Math.min(rows, cells));
    const columns: SampleColumn[] = [];
    for (const { element } of file.columns) columns.push(await sampleColumn(file, element.name, chosen));
    const size = sum(chosen, ({ rows: own }) => own.length);
    return { columns, size, total, csv: undefined, warnings: [] };
  } finally {
    await file.close();
  }
}

/** At most `most` items: all of them, or the first, the last and others evenly between. */
function evenly<A>(items: readonly A[], most: number): readonly A[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}

interface ChosenRows extends RowRange {
  /** Ascending, within the file. */
  readonly rows: readonly number[];
}

/** Divides the rows of some row groups into equal parts, and takes a row of each at random. */
function rowsOf(ranges: readonly RowRange[], most: number): ChosenRows[] {
  const draw = drawsOf(0);
  const total = rowsIn(ranges);
  const parts = Math.min(most, total);
  const startOf = (part: number) => Math.floor((part * total) / parts);
  let [part, before] = [0, 0];
  let next = Math.floor(draw() * startOf(1));
  return ranges.flatMap((range): ChosenRows[] => {
    const rows: number[] = [];
    const end = before + range.rowEnd - range.rowStart;
    while (part < parts && next < end) {
      rows.push(range.rowStart + next - before);
      part++;
      next = startOf(part) + Math.floor(draw() * (startOf(part + 1) - startOf(part)));
    }
    before = end;
    return rows.length === 0 ? [] : [{ ...range, rows }];
  });
}

async function sampleColumn(file: ParquetFile, name: string, chosen: readonly ChosenRows[]): Promise<SampleColumn> {
  const tree = file.columns.find(({ element }) => element.name === name)!;
  if (!isFlat(tree) && !isList(tree))
    return { name, values: chosen.flatMap(({ rows }) => rows.map(() => '')), stored: 'others' };
  const values: unknown[] = [];
  for (const { rows, rowStart, rowEnd } of chosen) {
    const all = await file.readColumn({ column: name, rowStart, rowEnd });
    for (const row of rows) values.push(all[row - rowStart]);
  }
  return storedColumn(name, values, !isFlat(tree));
}
