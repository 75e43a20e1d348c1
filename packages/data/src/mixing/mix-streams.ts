import { anything, checkKnown, optional, readOptions, record, recordOf, sum, wholeNumber } from '@polytask/components';
import type { Option, Read, Written } from '@polytask/components';
import { fail, randomStream, type ExampleStream, type Schema, type Tasks } from '@polytask/core';
import { schemaFitter } from '../fitting/fit-schema.ts';
import { encodeStream, fitOptions } from '../streams/encode-stream.ts';
import type { TableStream } from '../streams/table-stream.ts';
import {
  interleaved,
  isGrouped,
  mixedRows,
  mixOptions,
  mixShares,
  PIECE,
  wholeRows,
  type MixRatio,
} from './interleave.ts';
import { checkSameFeatures, checkTasksIn, type MixedTasks } from './joint-schema.ts';
import { checkRead, streamCursor } from './stream-cursor.ts';

type Streams = Readonly<Record<string, TableStream>>;

const options = {
  ...{ ...mixOptions, ...fitOptions },
  /** A fitted schema, of these streams or others. Then no stream is read to fit one. */
  schema: optional(anything as Option<Schema>),
  /** The number of rows of streams that don't tell it. Needed with `schema` only: fitting counts the rows. */
  sizes: optional(record(wholeNumber(1)), {}),
};

export interface MixStreamsOptions<K extends string = string> extends Omit<Written<typeof options>, 'sizes'> {
  /** The number of rows of streams that don't tell it. Needed with `schema` only: fitting counts the rows. */
  readonly sizes?: { readonly [N in K]?: number };
}

/** Streams as one stream, and each stream encoded with the joint schema. */
export interface StreamMixture<T extends Tasks, K extends string> extends ExampleStream<T> {
  readonly schema: Schema<T>;
  readonly size: number;
  /** The share of each stream, by the formula. */
  readonly shares: Readonly<Record<K, number>>;
  /** The rows of each stream in an epoch: its share in whole rows. */
  readonly rows: Readonly<Record<K, number>>;
  /** Each stream. Its rows have no labels for the tasks that it lacks. */
  readonly streams: Readonly<Record<K, ExampleStream<T>>>;
}

/**
 * Mixes streams as {@link mixTables} mixes tables, for data larger than memory. In an epoch each stream gives exactly its share
 * of the rows, in its own order. The seed and the epoch decide which stream comes next, so a run can be resumed. In the next
 * epoch a stream goes on from its position; at its end it begins again. One table of each stream is in memory. `fit` shuffles
 * the rows in its buffer.
 *
 * Without `schema`, all streams are read once, to fit it as {@link fitStreamSchema} does and to count their rows.
 *
 * @param streams with the same features; a task of two streams has the same declaration in both
 * @throws PolytaskError without a stream, for different features, for a task with two declarations, and for a share that needs
 * an unknown number of rows or has no row. While rows are read: for an empty stream, and one with another number of rows
 * @example
 * const mixture = await mixStreams({ clicks, ratings }, { ratio: { temperature: 2 }, seed: 7 });
 * await fit(multiTaskModel({ schema: mixture.schema, network, seed: 7 }), mixture);
 */
export async function mixStreams<M extends Streams>(
  streams: M,
  given: MixStreamsOptions<keyof M & string> = {},
): Promise<StreamMixture<MixedTasks<M>, keyof M & string>> {
  const read = readOptions(given, options, 'mixStreams');
  checkMix(streams, given);
  const { ratio, seed } = read;
  const names = Object.keys(streams) as (keyof M & string)[];
  const { schema, sizes } = await prepared(streams, read);
  if (ratio !== 'equal' || read.rows === undefined) checkSizes(names, sizes, ratio);
  const size = read.rows ?? sum(sizes as number[]);
  const shares = mixShares(
    sizes.map((rows) => rows ?? 1),
    ratio,
  );
  const rows = wholeRows(shares, size);
  const empty = names.find((_, t) => rows[t] === 0);
  if (empty !== undefined) {
    fail({
      expected: `a row of table "${empty}" in an epoch, or more`,
      received: 'none',
      fix: 'Raise rows, or pass a higher temperature.',
    });
  }
  const joint = schema as Schema<MixedTasks<M>>;
  return {
    schema: joint,
    size,
    ...(isGrouped(streams) && { grouped: true }),
    shares: recordOf(names, (_, t) => shares[t]!),
    rows: recordOf(names, (_, t) => rows[t]!),
    streams: recordOf(names, (name, t) => ({
      ...encodeStream(streams[name] as TableStream as TableStream<MixedTasks<M>>, joint),
      size: sizes[t],
    })),
    async *chunks(epoch) {
      const cursors = names.map((name, t) => streamCursor(name, streams[name]!, schema, sizes[t]));
      try {
        for (const [t, cursor] of cursors.entries()) await cursor.skip((epoch - 1) * rows[t]!);
        for (const sources of interleaved(rows, randomStream(seed, `mix.${epoch}`), PIECE))
          yield await mixedRows(schema, streams, sources, (t, indices, batch) => cursors[t]!.take(indices, batch));
      } finally {
        await Promise.all(cursors.map((cursor) => cursor.close()));
      }
    },
  };
}

/** The schema and the rows of each stream: those of the options, or the results of one pass over all streams. */
async function prepared(streams: Streams, { schema, maxCounted, sizes }: Read<typeof options>) {
  const sizeOf = (name: string) => sizes[name] ?? streams[name]!.size;
  if (schema) {
    checkTasksIn(schema, streams);
    return { schema, sizes: Object.keys(streams).map(sizeOf) };
  }
  const fitter = schemaFitter(streams, maxCounted);
  const counts: number[] = [];
  for (const [name, stream] of Object.entries(streams)) {
    let read = 0;
    for await (const table of stream.tables()) {
      fitter.add(name, table);
      read += table.size;
    }
    checkRead(name, read, sizeOf(name), true);
    counts.push(read);
  }
  return { schema: fitter.finish(), sizes: counts };
}

function checkMix(streams: Streams, { sizes = {}, schema, maxCounted }: MixStreamsOptions): void {
  checkSameFeatures(streams, 'mixStreams');
  for (const name of Object.keys(sizes)) checkKnown(name, Object.keys(streams), 'sizes of the streams that are mixed');
  if (schema && maxCounted !== undefined) {
    fail({
      expected: 'schema or maxCounted',
      received: 'both',
      fix: 'Leave maxCounted out: nothing is counted for a schema that is fitted already.',
    });
  }
}

function checkSizes(names: readonly string[], sizes: readonly (number | undefined)[], ratio: MixRatio): void {
  const unknown = names.find((_, t) => sizes[t] === undefined);
  if (unknown === undefined) return;
  const otherwise = "leave schema out, and the pass that fits it counts them; or pass ratio: 'equal' and rows.";
  fail({
    expected: `the number of rows of table "${unknown}", for ${ratio === 'equal' ? 'the length of an epoch' : 'shares by size'}`,
    received: 'a stream that does not say it',
    fix: `Pass sizes: { ${unknown}: … }; or ${otherwise}`,
  });
}
