import type { MultiTaskModel, Tasks } from '@polytask/core';
import { readTrainedModel, schemaRowFormat, type RowFormat } from '@polytask/data';

/** A trained model: its folder, or the model itself. */
export type ModelSource<T extends Tasks = Tasks> = string | MultiTaskModel<T>;

/** A trained model, and the function that frees it, unless it is the caller's own. */
export interface OpenModel<T extends Tasks> {
  readonly model: MultiTaskModel<T>;
  /** How its rows are read from files. */
  readonly rows: RowFormat;
  dispose(): void;
}

/**
 * Opens a trained model. A folder is read with its `dataset.json`; a model reads columns with the names of its features.
 *
 * @throws PolytaskError as `readTrainedModel` does
 */
export async function openModel<T extends Tasks>(source: ModelSource<T>): Promise<OpenModel<T>> {
  if (typeof source !== 'string') return { model: source, rows: schemaRowFormat(source.schema), dispose: () => {} };
  const { model, rows } = await readTrainedModel(source);
  return { model: model as unknown as MultiTaskModel<T>, rows, dispose: () => model.dispose() };
}
