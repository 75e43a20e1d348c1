import { checks, fail, randomStream, type Batch, type ExampleStream, type Schema, type Task, type Tasks } from '@polytask/core';
import { allRows } from '../columns/all-rows.ts';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { encode } from '../fitting/encode.ts';
import { featuresFitter, tasksFitter } from '../fitting/schema-fitter.ts';
import type { Table } from '../table/table.ts';
import { mixShares, type MixRatio } from './mix-shares.ts';

export interface MixOptions {
  /** How often each table is drawn from. Default `proportional`. */
  readonly ratio?: MixRatio;
  /** Rows of an epoch. Default: as many as the tables have together. */
  readonly rows?: number;
  /** Of the draws. Default 0. */
  readonly seed?: number;
}

/** The tasks of each table, as a union. */
type Each<M> = { [N in keyof M]: M[N] extends Table<infer T> ? T : never }[keyof M];
type KeysOfEach<U> = U extends unknown ? keyof U & string : never;

/** All tasks of the tables. */
export type MixedTasks<M> = { readonly [K in KeysOfEach<Each<M>>]: Extract<Each<M>, Record<K, Task>>[K] };

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
export function mixTables<M extends Readonly<Record<string, Table>>>(tables: M, options: MixOptions = {}): Mixture<MixedTasks<M>, keyof M & string> {
  const { ratio = 'proportional', seed = 0 } = options;
  const names = Object.keys(tables) as (keyof M & string)[];
  const schema = jointSchema<MixedTasks<M>>(tables);
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
    tables: Object.fromEntries(names.map((name, t) => [name, encoded[t]!])) as Record<keyof M & string, EncodedTable<MixedTasks<M>>>,
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

/** The drawn rows, put together from a batch of each table. */
function piece(tables: readonly EncodedTable[], drawn: Uint32Array, next: readonly (() => number)[]): Batch {
  const rows: number[][] = tables.map(() => []);
  const places: number[][] = tables.map(() => []);
  drawn.forEach((t, place) => {
    rows[t]!.push(next[t]!());
    places[t]!.push(place);
  });
  const parts = tables.map((table, t) => table.batch(rows[t]!));
  const whole = <A extends Float32Array | Int32Array>(make: (length: number) => A, of: (batch: Batch) => A): A => {
    const width = tables[0]!.size > 0 ? of(tables[0]!.arrays).length / tables[0]!.size : 0;
    const all = make(drawn.length * width);
    parts.forEach((part, t) => {
      const values = of(part);
      places[t]!.forEach((place, i) => {
        for (let c = 0; c < width; c++) all[place * width + c] = values[i * width + c]!;
      });
    });
    return all;
  };
  const floats = (of: (batch: Batch) => Float32Array) => whole((length) => new Float32Array(length), of);
  const ids = (of: (batch: Batch) => Int32Array) => whole((length) => new Int32Array(length), of);
  const byTask = (of: (batch: Batch) => Batch['labels']) =>
    Object.fromEntries(Object.keys(of(parts[0]!)).map((task) => [task, floats((batch) => of(batch)[task]!)]));
  return {
    size: drawn.length,
    numeric: floats(({ numeric }) => numeric),
    ids: ids(({ ids: values }) => values),
    bagIds: ids(({ bagIds }) => bagIds),
    bagWeights: floats(({ bagWeights }) => bagWeights),
    labels: byTask(({ labels }) => labels),
    weights: byTask(({ weights }) => weights),
  };
}

function jointSchema<T extends Tasks>(tables: Readonly<Record<string, Table>>): Schema<T> {
  const all = Object.entries(tables);
  const [first] = all;
  if (!first) return fail({ expected: 'at least one table to mix', received: 'none', mend: 'Pass mixTables({ a, b }).' });
  const { features } = first[1];
  for (const [name, table] of all) {
    if (JSON.stringify(table.features) === JSON.stringify(features)) continue;
    fail({
      expected: `the features of table "${first[0]}" in table "${name}" too`,
      received: `others: ${Object.keys(table.features).join(', ')}`,
      mend: 'Declare the same features in the same order, with from where a column has another name.',
    });
  }
  const shared = featuresFitter(features);
  const tasks = all.reduce<Record<string, Task>>((joint, [name, table]) => {
    const fitter = tasksFitter(table.tasks);
    for (const each of [shared, fitter]) each.add(table, allRows(table.size));
    for (const [task, declared] of Object.entries(fitter.finish())) {
      if (task in joint && JSON.stringify(joint[task]) !== JSON.stringify(declared)) {
        fail({
          expected: `task "${task}" to be the same in all tables`,
          received: `another one in table "${name}"`,
          mend: 'Declare it alike, with its classes; or name it otherwise.',
        });
      }
      joint[task] = declared;
    }
    return joint;
  }, {});
  return { features: shared.finish(), tasks: tasks as Tasks as T };
}
