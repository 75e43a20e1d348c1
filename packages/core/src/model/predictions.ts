import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { Batch, Examples } from '../features/batch.ts';
import { toTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import type { Layout } from '../features/layout.ts';
import type { Row, Schema } from '../features/schema.ts';
import { shown } from '../specs/shown.ts';
import { taskScores } from '../tasks/label-scale.ts';
import type { Tasks } from '../tasks/tasks.ts';

/** By task, row-major: [rows], or [rows × classes] for a multiclass task. */
export type Predictions<T extends Tasks = Tasks> = { readonly [K in keyof T]: Float32Array };

/** What predicting needs of a model. */
export interface Predictor<T extends Tasks> {
  readonly schema: Schema<T>;
  readonly layout: Layout;
  readonly taskNames: readonly (keyof T & string)[];
  forward(
    features: FeatureTensors,
    options?: { training?: boolean },
  ): { logits: Readonly<Record<string, tf.Tensor2D>> };
}

const BATCH = 4096;

/** Whatever can be predicted, as encoded examples. */
export function toRows(rows: readonly Row[] | Examples | Batch, encode: (rows: readonly Row[]) => Batch): Readable {
  if (Array.isArray(rows)) {
    const list = rows as readonly Row[];
    return { size: list.length, slice: (from, to) => encode(list.slice(from, to)) };
  }
  const encoded = rows as Partial<Examples & Batch> | null | undefined;
  if (!isEncoded(encoded)) {
    const one = typeof encoded === 'object' && encoded !== null;
    return fail({
      expected: 'a list of rows, an encoded table or a batch to predict',
      received: one ? `an object with the keys ${shown(Object.keys(encoded))}` : shown(encoded),
      mend: one ? 'If it is a row, put it into a list: predict([row]).' : 'Pass predict([{ age: 41, … }]).',
    });
  }
  if ('batch' in encoded) {
    return {
      size: encoded.size,
      slice: (from, to) => encoded.batch(Uint32Array.from({ length: to - from }, (_, i) => from + i)),
    };
  }
  return { size: encoded.size, slice: (from, to) => rowsOf(encoded, from, to) };
}

const isEncoded = (rows: Partial<Examples & Batch> | null | undefined): rows is Examples | Batch =>
  Number.isInteger(rows?.size) && (typeof rows?.batch === 'function' || ArrayBuffer.isView(rows?.numeric));

/** Rows from … to − 1 of an encoded batch; nothing is copied, and labels are left out. */
function rowsOf(batch: Batch, from: number, to: number): Batch {
  const part = <A extends Float32Array | Int32Array>(array: A) => {
    const width = array.length / batch.size;
    return array.subarray(from * width, to * width) as A;
  };
  const { numeric, ids, bagIds, bagWeights } = batch;
  return {
    size: to - from,
    numeric: part(numeric),
    ids: part(ids),
    bagIds: part(bagIds),
    bagWeights: part(bagWeights),
    labels: {},
    weights: {},
  };
}

interface Readable {
  readonly size: number;
  slice(from: number, to: number): Batch;
}

/** Scores by task: sigmoid, softmax or a number in the label's unit, [rows, 1] or [rows, classes]. */
export function scoresOf<T extends Tasks>(
  model: Predictor<T>,
  features: FeatureTensors,
  options?: { training?: boolean },
): tf.Tensor[] {
  const { logits } = model.forward(features, options);
  return model.taskNames.map((name) => taskScores(model.schema.tasks[name]!, logits[name]!));
}

export function predictBatches<T extends Tasks>(model: Predictor<T>, rows: Readable, size = BATCH): Predictions<T> {
  const collected = collector(model, rows.size);
  for (const [from, to] of ranges(rows.size, size)) {
    tf.tidy(() => {
      const scores = scoresOf(model, toTensors(rows.slice(from, to), model.layout));
      collected.put(
        from,
        scores.map((each) => each.dataSync<'float32'>()),
      );
    });
  }
  return collected.predictions;
}

export async function predictBatchesAsync<T extends Tasks>(
  model: Predictor<T>,
  rows: Readable,
  size = BATCH,
): Promise<Predictions<T>> {
  const collected = collector(model, rows.size);
  for (const [from, to] of ranges(rows.size, size)) {
    const scores = tf.tidy(() => scoresOf(model, toTensors(rows.slice(from, to), model.layout)));
    collected.put(from, await Promise.all(scores.map((each) => each.data<'float32'>())));
    tf.dispose(scores);
  }
  return collected.predictions;
}

function collector<T extends Tasks>(model: Predictor<T>, size: number) {
  const widths = model.taskNames.map((name) => {
    const task = model.schema.tasks[name]!;
    return task.kind === 'multiclass' ? task.classes!.length : 1;
  });
  const arrays = widths.map((width) => new Float32Array(size * width));
  return {
    put: (from: number, scores: Float32Array[]) => scores.forEach((each, t) => arrays[t]!.set(each, from * widths[t]!)),
    predictions: Object.fromEntries(model.taskNames.map((name, t) => [name, arrays[t]!])) as Predictions<T>,
  };
}

const ranges = (size: number, step: number): [number, number][] =>
  Array.from({ length: Math.ceil(size / step) }, (_, i) => [i * step, Math.min(size, (i + 1) * step)]);
