import {
  emptyBatch,
  PolytaskError,
  type Batch,
  type Layout,
  type MultiTaskModel,
  type Predictions,
  type Schema,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { type CompiledPredictor, compilePredict, type CompilePredictOptions } from './compiled-predictor.ts';

/** A model that is ready to predict, on the fastest engine that can run it here. */
export interface Predictor<T extends Tasks = Tasks> {
  readonly schema: Schema<T>;
  readonly layout: Layout;
  /** The engine in one line, such as `onnxruntime-node`, with the reason when it isn't the fastest one. */
  readonly engine: string;
  /** Predicts encoded rows, as `model.predict` does. Calls may overlap. */
  predict(rows: Batch): Promise<Predictions<T>>;
  /** Frees the predictor. The model isn't disposed. */
  dispose(): Promise<void>;
}

/**
 * Makes a model ready to predict: compiled for ONNX Runtime where that is possible, and on the current backend of TensorFlow.js
 * elsewhere. All graphs are compiled before it returns, so the first prediction is as fast as the others.
 *
 * @param options the runtime and batch sizes of the compiled predictions, as {@link compilePredict} takes them
 * @throws PolytaskError when a batch size isn't a positive whole number
 * @example
 * const predictor = await openPredictor(model);
 * const { income } = await predictor.predict(model.encode([{ age: 41, weeks_worked: 52 }]));
 * await predictor.dispose();
 */
export async function openPredictor<T extends Tasks>(
  model: MultiTaskModel<T>,
  { batchSizes = [1, 16, 256], ...options }: CompilePredictOptions = {},
): Promise<Predictor<T>> {
  const { schema, layout } = model;
  let compiled: CompiledPredictor<T> | undefined;
  try {
    compiled = await compilePredict(model, { ...options, batchSizes });
    for (const size of batchSizes) await compiled.predict(emptyBatch(size, layout));
  } catch (error) {
    await compiled?.dispose();
    if (error instanceof PolytaskError) throw error;
    return {
      ...{ schema, layout },
      engine: `TensorFlow.js on ${tf.getBackend()}, which is slower: ${(error as Error).message.split('\n')[0]}`,
      predict: (rows) => model.predictAsync(rows),
      dispose: () => Promise.resolve(),
    };
  }
  const ready = compiled;
  const precision = ready.precision === 'float32' ? '' : `, ${ready.precision}`;
  return {
    ...{ schema, layout },
    engine: `${ready.runtimeNote ?? ready.runtime}${precision}`,
    predict: (rows) => ready.predict(rows),
    dispose: () => ready.dispose(),
  };
}
