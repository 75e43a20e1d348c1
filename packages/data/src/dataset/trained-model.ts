import { load, openFolder, parseJson, save, type MultiTaskModel, type Tasks } from '@polytask/core';
import { nodeModule } from '../platform/node-module.ts';
import { rowFormat, rowFormatDocument, schemaRowFormat, type RowFormat } from './row-format.ts';

/** The file of a trained model that says how rows are read. */
const ROWS = 'dataset.json';

/** A model, with the format of the rows that it was trained on. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  /** How rows like the training rows are read. */
  readonly rows: RowFormat;
}

/**
 * Reads the folder of a trained model: `model.json` and `weights.safetensors` as core's `save` writes them, and `dataset.json`, the format
 * of the training rows. Without `dataset.json`, columns have the names of the features, and files have the default format. Needs Node.
 *
 * First import the packages that define the model's components, as for core's `load`.
 *
 * @returns a model that the caller disposes of
 * @throws PolytaskError as core's `load` does, and for a `dataset.json` with an unknown key or a value of the wrong kind
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * for await (const table of (await rowStream('rows.csv', rows)).tables()) model.predict(encode(table, model.schema));
 */
export async function readTrainedModel(folder: string): Promise<TrainedModel> {
  const { join } = nodeModule('node:path', 'reading a trained model');
  const path = join(folder, ROWS);
  const content = await openFolder(folder).read(ROWS);
  const format = content && rowFormat(parseJson(content, `JSON in ${path}`, 'Train the model again.'), path);
  const model = await load(folder);
  return { model, rows: format ?? schemaRowFormat(model.schema) };
}

/**
 * Writes a trained model to a folder: what core's `save` writes, and `dataset.json`. It replaces an earlier model. Needs Node.
 *
 * @param dataset the document of the data set, as {@link openDataset} reads it. Without it, there is no `dataset.json`
 * @throws PolytaskError in a browser
 * @example await writeTrainedModel('people-model', model, (await openDataset('people.json')).document);
 */
export async function writeTrainedModel<T extends Tasks>(
  folder: string,
  model: MultiTaskModel<T>,
  dataset?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await openFolder(folder).write((writer) =>
    dataset ? writer.replace(ROWS, `${JSON.stringify(rowFormatDocument(dataset), null, 2)}\n`) : writer.remove(ROWS),
  );
  await save(model, folder);
}
