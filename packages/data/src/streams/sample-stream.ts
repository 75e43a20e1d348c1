import {
  number,
  optional,
  readOptions,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { allRows, gatherColumns, withoutUnusedTexts, type Columns } from '../columns/columns.ts';
import { concatenate } from '../table/concatenate.ts';
import { createTable, type Table } from '../table/table.ts';
import { drawsOf } from '../statistics/draws.ts';
import type { TableStream } from './table-stream.ts';

const sampleOptions = {
  /** The number of rows to take. A stream with fewer rows gives all of them. */
  size: wholeNumber(1),
  seed: optional(number({ whole: true }), 0),
};

export interface SampleOptions extends Written<typeof sampleOptions>, FromDescription {}

/** Rows of a stream, taken at random. */
export interface StreamSample<T extends Tasks> {
  /** The rows, in the order of the stream. */
  readonly table: Table<T>;
  /** The number of all rows of the stream. */
  readonly total: number;
}

/**
 * Takes rows of a stream at random, in one pass: each set of `size` rows is as likely as any other. At most twice as many rows, and one
 * table of the stream, are in memory. The rows depend on the seed and the stream's rows alone.
 *
 * @throws PolytaskError for a size below 1; as the stream does, when its rows are read
 * @example const { table, total } = await sampleStream(csvStream('impressions.csv.gz', { features, tasks }), { size: 100_000 });
 */
export async function sampleStream<T extends Tasks>(
  rows: TableStream<T>,
  options: SampleOptions,
): Promise<StreamSample<T>> {
  const { size, seed } = readOptions(options, sampleOptions, 'sampleStream');
  const draw = drawsOf(seed);
  let bound = Infinity; // rows with a greater draw are out
  let total = 0;
  let parts: Drawn[] = [];
  for await (const table of rows.tables()) {
    const all = {
      columns: table.columns,
      draws: Float32Array.from({ length: table.size }, draw),
      places: allRows(table.size).map((row) => total + row),
    };
    parts.push(
      chosen(
        all,
        allRows(table.size).filter((row) => all.draws[row]! <= bound),
      ),
    );
    total += table.size;
    if (sum(parts, ({ places }) => places.length) < 2 * size) continue;
    parts = [lowest(joined(rows, parts), size)];
    bound = parts[0]!.draws.reduce((a, b) => Math.max(a, b));
  }
  const { columns, places } = lowest(joined(rows, parts), size);
  return { table: tableOf(rows, { columns, places }), total };
}

/** Rows with the random number that each has drawn. The rows with the lowest numbers are the sample. */
interface Drawn {
  readonly columns: Columns;
  readonly draws: Float32Array;
  /** The indices of the rows in the stream. */
  readonly places: Uint32Array;
}

const chosen = ({ columns, draws, places }: Drawn, rows: Uint32Array): Drawn => ({
  columns: withoutUnusedTexts(gatherColumns(columns, rows)),
  draws: Float32Array.from(rows, (row) => draws[row]!),
  places: rows.map((row) => places[row]!),
});

/** The rows with the lowest draws, in their order. Of equal draws, the earlier row is taken. */
function lowest(drawn: Drawn, size: number): Drawn {
  if (drawn.places.length <= size) return drawn;
  const order = allRows(drawn.places.length).sort((a, b) => drawn.draws[a]! - drawn.draws[b]! || a - b);
  return chosen(drawn, order.subarray(0, size).sort());
}

const joined = <T extends Tasks>(declaration: TableStream<T>, parts: readonly Drawn[]): Drawn => ({
  columns: concatenate(parts.map((part) => tableOf(declaration, part))).columns,
  draws: Float32Array.from(parts.flatMap(({ draws }) => [...draws])),
  places: Uint32Array.from(parts.flatMap(({ places }) => [...places])),
});

/** A table that holds on to these rows alone, and not to the tables that they were taken from. */
const tableOf = <T extends Tasks>(
  declaration: TableStream<T>,
  { columns, places }: Pick<Drawn, 'columns' | 'places'>,
): Table<T> => createTable(declaration, columns, places.length, (row) => `row ${places[row]} of the stream`);
