import type { MultiTaskModel, Tasks } from '@polytask/core';
import { readTrainedModel, schemaRowFormat } from '@polytask/data';

/** A trained model: its folder, or the model itself. */
export type ModelSource<T extends Tasks = Tasks> = string | MultiTaskModel<T>;

/**
 * Opens a trained model. A folder is read with its `dataset.json`; a model reads columns with the names of its features. `dispose` frees
 * the model, unless it is the caller's own.
 *
 * @throws PolytaskError as `readTrainedModel` does
 */
export async function openModel<T extends Tasks>(source: ModelSource<T>) {
  if (typeof source !== 'string') return { model: source, rows: schemaRowFormat(source.schema), dispose: () => {} };
  const { model, rows } = await readTrainedModel(source);
  return { model: model as unknown as MultiTaskModel<T>, rows, dispose: () => model.dispose() };
}
