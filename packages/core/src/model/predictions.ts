import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../features/batch.ts';
import { featureTensors, type FeatureTensors } from '../features/batch-tensors.ts';
import type { Layout } from '../features/layout.ts';
import type { Readable } from '../features/readable.ts';
import type { Schema } from '../features/schema.ts';
import { taskScores } from '../tasks/labels.ts';
import { predictionWidth } from '../tasks/task-kind.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { requireBlockingReads } from '../tensorflow/backend.ts';
import type { Tasks } from '../tasks/tasks.ts';

/** Predictions by task, row-major: [rows], or [rows × classes] for a multiclass task. */
export type Predictions<T extends Tasks = Tasks> = { readonly [K in keyof T]: Float32Array };

/** The part of a model that predictions need. */
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

export function predictBatches<T extends Tasks>(model: Predictor<T>, rows: Readable, size = BATCH): Predictions<T> {
  requireBlockingReads('predict', 'predictAsync');
  const results = collector(model, rows.size);
  for (const [from, to] of ranges(rows.size, Math.ceil(size / model.members))) {
    tf.tidy(() => {
      const scores = scoresOf(model, tensorsOf(model, rows.slice(from, to))).map((each) => each.dataSync<'float32'>());
      results.put(from, scores);
    });
  }
  return results.predictions;
}

export async function predictBatchesAsync<T extends Tasks>(
  model: Predictor<T>,
  rows: Readable,
  size = BATCH,
): Promise<Predictions<T>> {
  const results = collector(model, rows.size);
  for (const [from, to] of ranges(rows.size, Math.ceil(size / model.members))) {
    const scores = tf.tidy(() => scoresOf(model, tensorsOf(model, rows.slice(from, to))));
    results.put(from, await Promise.all(scores.map((each) => each.data<'float32'>())));
    tf.dispose(scores);
  }
  return results.predictions;
}

const tensorsOf = <T extends Tasks>({ layout, store }: Predictor<T>, batch: Batch): FeatureTensors =>
  featureTensors(batch, layout, store.tables());

function collector<T extends Tasks>(model: Predictor<T>, size: number) {
  const widths = model.taskNames.map((name) => predictionWidth(model.schema.tasks[name]!));
  const arrays = widths.map((width) => new Float32Array(size * width));
  return {
    put: (from: number, scores: Float32Array[]) => scores.forEach((each, t) => arrays[t]!.set(each, from * widths[t]!)),
    predictions: Object.fromEntries(model.taskNames.map((name, t) => [name, arrays[t]!])) as Predictions<T>,
  };
}

const ranges = (size: number, step: number): [number, number][] =>
  Array.from({ length: Math.ceil(size / step) }, (_, i) => [i * step, Math.min(size, (i + 1) * step)]);
