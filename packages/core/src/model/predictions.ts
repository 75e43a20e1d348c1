import * as tf from '@tensorflow/tfjs-core';
import { fail, recordOf, shown } from '@polytask/components';
import { sliceBatch, type Batch, type Examples } from '../features/batch.ts';
import { featureTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import type { Layout } from '../features/layout.ts';
import type { Row, Schema } from '../features/schema.ts';
import { taskScores } from '../tasks/labels.ts';
import { predictionWidth } from '../tasks/task-kind.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { requireBlockingReads } from '../tensorflow/backend.ts';
import type { Tasks } from '../tasks/tasks.ts';

/** Predictions by task, row-major: [rows], or [rows × classes] for a multiclass task. */
export type Predictions<T extends Tasks = Tasks> = { readonly [K in keyof T]: Float32Array };

export interface Predictor<T extends Tasks> {
  readonly schema: Schema<T>;
  readonly layout: Layout;
  readonly store: ParameterStore;
  readonly taskNames: readonly (keyof T & string)[];
  readonly members: number;
  forward(
    features: FeatureTensors,
    options?: { training?: boolean },
  ): { logits: Readonly<Record<string, tf.Tensor2D>> };
}

/** Rows per forward pass, those of all members counted. */
const BATCH = 4096;

/** Scores by task: probabilities, or a number in the label's unit; [rows, 1] or [rows, classes]. */
export function scoresOf<T extends Tasks>(
  model: Predictor<T>,
  features: FeatureTensors,
  options?: { training?: boolean },
): tf.Tensor[] {
  const { logits } = model.forward(features, options);
  return model.taskNames.map((name) => taskScores(model.schema.tasks[name]!, logits[name]!, model.members));
}

export function predictBatches<T extends Tasks>(model: Predictor<T>, rows: Readable, size?: number): Predictions<T> {
  requireBlockingReads('predict', 'predictAsync');
  const { parts, predictions } = partsOf(model, rows, size);
  for (const { scores, put } of parts) tf.tidy(() => put(scores().map((each) => each.dataSync<'float32'>())));
  return predictions;
}

export async function predictBatchesAsync<T extends Tasks>(
  model: Predictor<T>,
  rows: Readable,
  size?: number,
): Promise<Predictions<T>> {
  const { parts, predictions } = partsOf(model, rows, size);
  for (const { scores, put } of parts) {
    const own = tf.tidy(scores);
    put(await Promise.all(own.map((each) => each.data<'float32'>())));
    tf.dispose(own);
  }
  return predictions;
}

/** The batches of some rows, and the predictions that `put` fills with the scores of each. */
function partsOf<T extends Tasks>(model: Predictor<T>, rows: Readable, size = BATCH) {
  const { layout, members, store, schema, taskNames } = model;
  const widths = taskNames.map((name) => predictionWidth(schema.tasks[name]!));
  const arrays = widths.map((width) => new Float32Array(rows.size * width));
  const step = Math.ceil(size / members);
  const parts = Array.from({ length: Math.ceil(rows.size / step) }, (_, i) => {
    const from = i * step;
    const batch = () => rows.slice(from, Math.min(rows.size, from + step));
    return {
      scores: () => scoresOf(model, featureTensors(batch(), layout, store.tables())),
      put: (scores: Float32Array[]) => scores.forEach((each, t) => arrays[t]!.set(each, from * widths[t]!)),
    };
  });
  return { parts, predictions: recordOf(taskNames, (_, t) => arrays[t]!) as Predictions<T> };
}

/** Rows of any kind, read as encoded batches. */
export interface Readable {
  readonly size: number;
  /** Rows `from` … `to` − 1. */
  slice(from: number, to: number): Batch;
}

/** Reads rows, a table or a batch as encoded batches. @throws PolytaskError when `rows` is anything else */
export function readable(rows: readonly Row[] | Examples | Batch, encode: (rows: readonly Row[]) => Batch): Readable {
  if (Array.isArray(rows)) {
    const list = rows as readonly Row[];
    return { size: list.length, slice: (from, to) => encode(list.slice(from, to)) };
  }
  const encoded = rows as Partial<Examples & Batch> | null | undefined;
  if (!isEncoded(encoded)) {
    const one = typeof encoded === 'object' && encoded !== null;
    const other = `${typeof encoded === 'string' ? 'string ' : ''}${shown(encoded)}`;
    return fail({
      expected: 'a list of rows, an encoded table or a batch to predict',
      received: one ? `an object with the keys ${shown(Object.keys(encoded))}` : other,
      fix: one ? 'If it is a row, put it into a list: predict([row]).' : 'Pass predict([{ age: 41, … }]).',
    });
  }
  if ('batch' in encoded) {
    return {
      size: encoded.size,
      slice: (from, to) => encoded.batch(Uint32Array.from({ length: to - from }, (_, i) => from + i)),
    };
  }
  return { size: encoded.size, slice: (from, to) => sliceBatch(encoded, from, to) };
}

const isEncoded = (rows: Partial<Examples & Batch> | null | undefined): rows is Examples | Batch =>
  Number.isInteger(rows?.size) && (typeof rows?.batch === 'function' || ArrayBuffer.isView(rows?.numeric));
