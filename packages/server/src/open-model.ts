import { readTrainedModel, schemaRowFormat } from '@polytask/data';
import type { Runtime } from '@polytask/compile';
import { anything, oneOf, optional } from '@polytask/components';
import type { MultiTaskModel, Option, Tasks } from '@polytask/core';

/** How predictions are compiled: options of `compilePredict` of `@polytask/serving`. */
export const engineOptions = {
  /** The ONNX Runtime. Without it, onnxruntime-node, or onnxruntime-web where that doesn't load. */
  runtime: optional(anything as Option<Runtime>),
  /** With `dynamic-int8`, wide models are faster, and predictions move in the third or fourth digit. */
  precision: optional(oneOf('float32', 'dynamic-int8'), 'float32'),
};

/** A trained model: its folder, or the model itself. */
export type ModelSource<T extends Tasks = Tasks> = string | MultiTaskModel<T>;

/** Opens a model with the format of its rows. `dispose` frees it, unless it is the caller's own. */
export async function openModel<T extends Tasks>(source: ModelSource<T>) {
  if (typeof source !== 'string') return { model: source, rows: schemaRowFormat(source.schema), dispose: () => {} };
  const { model, rows } = await readTrainedModel(source);
  return { model: model as unknown as MultiTaskModel<T>, rows, dispose: () => model.dispose() };
}
