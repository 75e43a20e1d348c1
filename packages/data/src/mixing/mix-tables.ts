import { mapValues, readOptions, sum } from '@polytask/components';
import { permutation, randomStream, type Batch, type ExampleStream, type Schema, type Tasks } from '@polytask/core';
import type { EncodedTable } from '../examples/encoded-table.ts';
import { encode } from '../fitting/encode.ts';
import { schemaFitter } from '../fitting/fit-schema.ts';
import type { Table } from '../table/table.ts';
import { copyRows, isGrouped, mixedRows, mixOptions, mixShares, PIECE, type MixOptions } from './interleave.ts';
import { checkSameFeatures, type MixedTasks } from './joint-schema.ts';

/** Tables as one source of rows, and each table encoded with the joint schema. */
export interface Mixture<T extends Tasks, K extends string> extends ExampleStream<T> {
  readonly schema: Schema<T>;
  readonly size: number;
  /** The share of each table in the drawn rows. */
  readonly shares: Readonly<Record<K, number>>;
  /** Each table. Its rows have no labels for the tasks that it lacks. */
  readonly tables: Readonly<Record<K, EncodedTable<T>>>;
}

/**
 * Mixes tables with tasks of their own into one source for `fit`. Each row is drawn from one table, and has no label for the
 * tasks that its table lacks. A table's rows come in random order, and all come before one comes again. Draws depend on the seed
 * and the epoch only, so a run can be resumed. The schema is fitted on all rows of all tables, each row once. Groups are those of a
 * table: a user of two tables is two groups.
 *
 * @param tables with the same features; a task of two tables has the same declaration in both
 * @throws PolytaskError without a table, for different features, and for a task with two declarations
 * @example
 * const mixture = mixTables({ clicks, ratings }, { ratio: { temperature: 2 }, seed: 7 });
 * await fit(multiTaskModel({ schema: mixture.schema, network, seed: 7 }), mixture);
 */
export function mixTables<M extends Readonly<Record<string, Table>>>(
  tables: M,
  options: MixOptions = {},
): Mixture<MixedTasks<M>, keyof M & string> {
  const { ratio, seed, rows } = readOptions(options, mixOptions, 'mixTables');
  checkSameFeatures(tables, 'mixTables');
  const fitter = schemaFitter<MixedTasks<M>>(tables);
  for (const [name, table] of Object.entries(tables)) fitter.add(name, table);
  const schema = fitter.finish();
  const names = Object.keys(tables);
  const sizes = Object.values(tables).map((table) => table.size);
  const size = rows ?? sum(sizes);
  const shares = mixShares(sizes, ratio);
  const byName = mapValues(tables, (table: Table): EncodedTable<MixedTasks<M>> => encode(table, schema));
  const batches = withDistinctGroups(Object.values(byName));
  return {
    schema,
    size,
    shuffled: true,
    ...(isGrouped(tables) && { grouped: true }),
    shares: mapValues(tables, (_, name) => shares[names.indexOf(name)]!) as Record<keyof M & string, number>,
    tables: byName as Record<keyof M & string, EncodedTable<MixedTasks<M>>>,
    async *chunks(epoch) {
      const next = sizes.map((rows, t) => rowsInTurn(rows, seed, `mix.${epoch}.${names[t]}`));
      const random = randomStream(seed, `mix.${epoch}`);
      for (let start = 0; start < size; start += PIECE) {
        const drawn = drawnTables(random.uniform(Math.min(PIECE, size - start)), shares);
        yield mixedRows(schema, tables, drawn, (t, indices, batch) =>
          copyRows(batches[t]!, indices.map(next[t]!), batch, indices),
        );
      }
    },
  };
}

/** The rows of each table. No group has the number of another table's group. */
function withDistinctGroups(tables: readonly EncodedTable[]): Batch[] {
  let count = 0;
  return tables.map(({ arrays }) => {
    if (!arrays.groups) return arrays;
    const first = count;
    const groups = arrays.groups.map((group) => (group < 0 ? group : first + group));
    count = groups.reduce((most, group) => Math.max(most, group + 1), count);
    return { ...arrays, groups };
  });
}

/** The table of each draw: the first table whose cumulative share is above the draw. */
function drawnTables(draws: Float32Array, shares: readonly number[]): Uint32Array {
  return Uint32Array.from(draws, (draw) => {
    let t = 0;
    for (let sum = shares[0]!; sum <= draw && t < shares.length - 1; sum += shares[t]!) t++;
    return t;
  });
}

/** Gives a table's row indices in random order, and then again in another order. */
function rowsInTurn(size: number, seed: number, path: string): () => number {
  const random = randomStream(seed, path);
  let order = permutation(random, size);
  let at = 0;
  return () => {
    if (at === size) [order, at] = [permutation(random, size), 0];
    return order[at++]!;
  };
}
