import {
  checkOptions,
  checks,
  fail,
  randomStream,
  suggestion,
  type ExampleStream,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { encodeStream, checkMaxCounted, FIT_STREAM_OPTIONS, type FitStreamOptions } from '../streams/encode-stream.ts';
import type { TableStream } from '../streams/table-stream.ts';
import { anything } from '../options/checks.ts';
import { checkRead, StreamCursor } from './stream-cursor.ts';
import { interleaved, wholeRows, mixShares, blankRows, placesOf, type MixRatio } from './interleave.ts';
import { checkSameFeatures, checkTasksIn, jointFitter, type MixedTasks } from './joint-schema.ts';
import { MIX_OPTIONS, type MixOptions } from './mix-tables.ts';

type Streams = Readonly<Record<string, TableStream>>;

export interface MixStreamsOptions<K extends string = string> extends MixOptions, FitStreamOptions {
  /** Fitted before, on these streams or others: nothing is read to fit one. */
  readonly schema?: Schema;
  /** Rows of the streams that do not say it themselves; with `schema`, since nothing counts them then. */
  readonly sizes?: { readonly [N in K]?: number };
}

const OPTIONS = { ...MIX_OPTIONS, ...FIT_STREAM_OPTIONS, schema: anything, sizes: anything };

/** Streams as one stream, and each encoded by itself with the schema that they share. */
export interface StreamMixture<T extends Tasks, K extends string> extends ExampleStream<T> {
  readonly schema: Schema<T>;
  readonly size: number;
  /** The share of each stream, by the formula. */
  readonly shares: Readonly<Record<K, number>>;
  /** Rows that each stream gives in an epoch: its share, to a whole row. */
  readonly rows: Readonly<Record<K, number>>;
  /** Each stream; the tasks that it does not have are without labels. */
  readonly streams: Readonly<Record<K, ExampleStream<T>>>;
}

/** Rows of a piece. */
const PIECE = 4096;

/**
 * {@link mixTables} for data larger than memory. In an epoch each stream gives exactly its share of the rows, in its own order,
 * and which one comes next is drawn from the seed and the epoch alone: a run can be resumed. A stream goes on in the next epoch
 * where it was, and begins again where it ends. One table of each is in memory. `fit` shuffles the rows by its buffer.
 *
 * Without `schema` all streams are read once, to fit it as {@link fitStreamSchema} does, and to count their rows.
 *
 * @param streams with the same features; tasks have the same declaration where two streams have them
 * @throws PolytaskError where there is no stream, features differ, a task is declared in two ways, a share needs a number of
 * rows that is not known or comes to no row at all; when rows are read, where a stream is empty or has not the rows it says
 * @example
 * const mixture = await mixStreams({ clicks, ratings }, { ratio: { temperature: 2 }, seed: 7 });
 * await fit(multiTaskModel({ schema: mixture.schema, network, seed: 7 }), mixture);
 */
export async function mixStreams<M extends Streams>(
  streams: M,
  options: MixStreamsOptions<keyof M & string> = {},
): Promise<StreamMixture<MixedTasks<M>, keyof M & string>> {
  const { ratio = 'proportional', seed = 0 } = options;
  checkMix(streams, options);
  const names = Object.keys(streams) as (keyof M & string)[];
  const { schema, sizes } = options.schema
    ? given(streams, options.schema, options.sizes)
    : await fitted(streams, options);
  if (ratio !== 'equal' || options.rows === undefined) checkKnown(names, sizes, ratio);
  const size = options.rows ?? sizes.reduce<number>((sum, rows) => sum + rows!, 0);
  const shares = mixShares(
    sizes.map((rows) => rows ?? 1),
    ratio,
  );
  const rows = wholeRows(shares, size);
  checkEachHasRows(names, rows);
  const byName = <V>(value: (t: number) => V) =>
    Object.fromEntries(names.map((name, t) => [name, value(t)])) as Record<keyof M & string, V>;
  const joint = schema as Schema<MixedTasks<M>>;
  return {
    schema: joint,
    size,
    shares: byName((t) => shares[t]!),
    rows: byName((t) => rows[t]!),
    streams: byName((t) => ({
      ...encodeStream(streams[names[t]!] as TableStream as TableStream<MixedTasks<M>>, joint),
      size: sizes[t],
    })),
    async *chunks(epoch) {
      const cursors = names.map((name, t) => new StreamCursor(name, streams[name]!, schema, sizes[t]));
      try {
        for (const [t, cursor] of cursors.entries()) await cursor.skip((epoch - 1) * rows[t]!);
        for (const drawn of interleaved(rows, randomStream(seed, `mix.${epoch}`), PIECE)) {
          const piece = blankRows(schema, drawn.length);
          const places = placesOf(drawn, cursors.length);
          for (const [t, cursor] of cursors.entries()) await cursor.take(places[t]!, piece);
          yield piece;
        }
      } finally {
        await Promise.all(cursors.map((cursor) => cursor.close()));
      }
    },
  };
}

interface Prepared {
  readonly schema: Schema;
  /** Rows of each stream, where they are known. */
  readonly sizes: readonly (number | undefined)[];
}

/** A schema from before, and the sizes that are said. */
function given(streams: Streams, schema: Schema, sizes: MixStreamsOptions['sizes'] = {}): Prepared {
  checkTasksIn(schema, streams);
  return { schema, sizes: Object.entries(streams).map(([name, { size }]) => sizes[name] ?? size) };
}

/** One pass over all streams: their schema, and how many rows they have. */
async function fitted(streams: Streams, { maxCounted, sizes = {} }: MixStreamsOptions): Promise<Prepared> {
  const fitter = jointFitter(streams, checkMaxCounted(maxCounted));
  const counts: number[] = [];
  for (const [name, stream] of Object.entries(streams)) {
    let read = 0;
    for await (const table of stream.tables()) {
      fitter.add(name, table);
      read += table.size;
    }
    checkRead(name, read, sizes[name] ?? stream.size, true);
    counts.push(read);
  }
  return { schema: fitter.finish(), sizes: counts };
}

/** Throws where an option is none, before anything is read. */
function checkMix(streams: Streams, options: MixStreamsOptions): void {
  checkOptions(options, OPTIONS, 'mixStreams');
  const { ratio = 'proportional', rows, sizes = {}, schema, maxCounted } = options;
  checkSameFeatures(streams, 'mixStreams');
  mixShares([1], ratio);
  if (rows !== undefined) checks.wholeNumber(1)(rows, 'rows of a mixture');
  for (const [name, size] of Object.entries(sizes)) {
    if (!(name in streams)) {
      fail({
        expected: 'sizes of the streams that are mixed',
        received: `one of "${name}"`,
        mend: suggestion(name, Object.keys(streams)),
      });
    }
    checks.wholeNumber(1)(size, `sizes.${name}`);
  }
  if (schema && maxCounted !== undefined) {
    fail({
      expected: 'schema or maxCounted',
      received: 'both',
      mend: 'Leave maxCounted out: nothing is counted for a schema that is fitted already.',
    });
  }
}

function checkKnown(names: readonly string[], sizes: readonly (number | undefined)[], ratio: MixRatio): void {
  const unknown = names.find((_, t) => sizes[t] === undefined);
  if (unknown === undefined) return;
  fail({
    expected: `the number of rows of table "${unknown}", for ${ratio === 'equal' ? 'the length of an epoch' : 'shares by size'}`,
    received: 'a stream that does not say it',
    mend: `Pass sizes: { ${unknown}: … }; or leave schema out, and the pass that fits it counts them; or pass ratio: 'equal' and rows.`,
  });
}

function checkEachHasRows(names: readonly string[], rows: readonly number[]): void {
  const none = names.find((_, t) => rows[t] === 0);
  if (none === undefined) return;
  fail({
    expected: `a row of table "${none}" in an epoch, or more`,
    received: 'none',
    mend: 'Raise rows, or pass a higher temperature.',
  });
}
