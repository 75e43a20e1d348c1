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
import { allRows, gatherColumns, withoutUnusedTexts } from '../columns/columns.ts';
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
  let parts: Drawn<T>[] = [];
  for await (const table of rows.tables()) {
    const all = allRows(table.size);
    const draws = Float32Array.from(all, draw);
    const low = all.filter((row) => draws[row]! <= bound);
    parts.push(chosen({ table, draws, places: all.map((row) => total + row) }, low));
    total += table.size;
    if (sum(parts, ({ places }) => places.length) < 2 * size) continue;
    parts = [lowest(parts, size)];
    bound = parts[0]!.draws.reduce((a, b) => Math.max(a, b));
  }
  return { table: lowest(parts, size).table, total };
}

/** Rows with the random number that each has drawn. The rows with the lowest numbers are the sample. */
interface Drawn<T extends Tasks> {
  readonly table: Table<T>;
  readonly draws: Float32Array;
  /** The indices of the rows in the stream. */
  readonly places: Uint32Array;
}

/** Some of the rows. Their table doesn't hold on to the one that they are taken from. */
function chosen<T extends Tasks>(drawn: Drawn<T>, rows: Uint32Array): Drawn<T> {
  const places = rows.map((row) => drawn.places[row]!);
  const columns = withoutUnusedTexts(gatherColumns(drawn.table.columns, rows));
  return {
    table: createTable(drawn.table, columns, rows.length, (row) => `row ${places[row]} of the stream`),
    draws: Float32Array.from(rows, (row) => drawn.draws[row]!),
    places,
  };
}

/** The rows with the lowest draws, in their order. Of equal draws, the earlier row is taken. */
function lowest<T extends Tasks>(parts: readonly Drawn<T>[], size: number): Drawn<T> {
  const table = concatenate(parts.map((part) => part.table));
  const draws = Float32Array.from(parts.flatMap((part) => [...part.draws]));
  const places = Uint32Array.from(parts.flatMap((part) => [...part.places]));
  const order = allRows(table.size);
  if (table.size > size) order.sort((a, b) => draws[a]! - draws[b]! || a - b);
  return chosen({ table, draws, places }, order.subarray(0, size).sort());
}
