import {
  checkOptions,
  checks,
  randomStream,
  type Batch,
  type ExampleStream,
  type Options,
  type Schema,
  type Tasks,
} from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { encode } from '../fitting/encode.ts';
import type { Table } from '../table/table.ts';
import { anything } from '../options/checks.ts';
import { checkSameFeatures, jointFitter, type MixedTasks } from './joint-schema.ts';
import { mixShares, blankRows, placesOf, putRows, type MixRatio } from './interleave.ts';

export interface MixOptions {
  /** How often each table is drawn from. Default `proportional`. */
  readonly ratio?: MixRatio;
  /** Rows of an epoch. Default: as many as the tables have together. */
  readonly rows?: number;
  /** Of the draws. Default 0. */
  readonly seed?: number;
}

export const MIX_OPTIONS: Options<MixOptions> = { ratio: anything, rows: anything, seed: anything };

/** Tables as one source of rows, and each encoded by itself with the schema that they share. */
export interface Mixture<T extends Tasks, K extends string> extends ExampleStream<T> {
  readonly schema: Schema<T>;
  readonly size: number;
  /** The share of each table in the rows that are drawn. */
  readonly shares: Readonly<Record<K, number>>;
  /** Each table; the tasks that it does not have are without labels. */
  readonly tables: Readonly<Record<K, EncodedTable<T>>>;
}

/** Rows of a piece. */
const PIECE = 4096;

/**
 * Tasks that come from tables of their own, each with its own rows, as one source for `fit`: each row is drawn from one of
 * the tables, and has no label for the tasks that its table does not have. A table's rows come in a random order, and all of
 * them before one comes again. Draws depend on the seed and the epoch alone, so a run can be resumed. The schema is fitted on
 * all the rows of all tables, each row once.
 *
 * @param tables with the same features; tasks have the same declaration where two tables have them
 * @throws PolytaskError where there is no table, features differ, or a task is declared in two ways
 * @example
 * const mixture = mixTables({ clicks, ratings }, { ratio: { temperature: 2 }, seed: 7 });
 * await fit(multiTaskModel({ schema: mixture.schema, network, seed: 7 }), mixture);
 */
export function mixTables<M extends Readonly<Record<string, Table>>>(
  tables: M,
  options: MixOptions = {},
): Mixture<MixedTasks<M>, keyof M & string> {
  checkOptions(options, MIX_OPTIONS, 'mixTables');
  const { ratio = 'proportional', seed = 0 } = options;
  const names = Object.keys(tables) as (keyof M & string)[];
  checkSameFeatures(tables, 'mixTables');
  const fitter = jointFitter<MixedTasks<M>>(tables);
  for (const name of names) fitter.add(name, tables[name]!);
  const schema = fitter.finish();
  const all = names.map((name): Table => tables[name]!);
  const sizes = all.map((table) => table.size);
  const size = options.rows ?? sizes.reduce((sum, rows) => sum + rows, 0);
  checks.wholeNumber(1)(size, 'rows of a mixture');
  const shares = mixShares(sizes, ratio);
  const encoded = all.map((table) => encode(table as Table<MixedTasks<M>>, schema));
  return {
    schema,
    size,
    shuffled: true,
    shares: Object.fromEntries(names.map((name, t) => [name, shares[t]!])) as Record<keyof M & string, number>,
    tables: Object.fromEntries(names.map((name, t) => [name, encoded[t]!])) as Record<
      keyof M & string,
      EncodedTable<MixedTasks<M>>
    >,
    async *chunks(epoch) {
      const next = encoded.map((table, t) => rowsInTurn(table.size, seed, `mix.${epoch}.${names[t]}`));
      const random = randomStream(seed, `mix.${epoch}`);
      for (let start = 0; start < size; start += PIECE) {
        const count = Math.min(PIECE, size - start);
        yield piece(encoded, tablesDrawn(random.uniform(count), shares), next);
      }
    },
  };
}

/** The table of each draw: the first whose share, with those before it, is above the number drawn. */
function tablesDrawn(draws: Float32Array, shares: readonly number[]): Uint32Array {
  return Uint32Array.from(draws, (draw) => {
    let t = 0;
    for (let sum = shares[0]!; sum <= draw && t < shares.length - 1; sum += shares[t]!) t++;
    return t;
  });
}

/** The numbers of a table's rows in a random order, and again in another one. */
function rowsInTurn(size: number, seed: number, path: string): () => number {
  const random = randomStream(seed, path);
  let order = random.permutation(size);
  let at = 0;
  return () => {
    if (at === size) [order, at] = [random.permutation(size), 0];
    return order[at++]!;
  };
}

/** The drawn rows, put together from those of each table. */
function piece(tables: readonly EncodedTable[], drawn: Uint32Array, next: readonly (() => number)[]): Batch {
  const together = blankRows(tables[0]!.schema, drawn.length);
  placesOf(drawn, tables.length).forEach((places, t) =>
    putRows(tables[t]!.arrays, places.map(next[t]!), together, places),
  );
  return together;
}
