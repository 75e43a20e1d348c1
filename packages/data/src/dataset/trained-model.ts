import { load, PolytaskError, save, type MultiTaskModel, type Tasks } from '@polytask/core';
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
  const json = await jsonOf(path);
  const format = json === undefined ? undefined : rowFormat(json, path);
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
  const { join } = nodeModule('node:path', 'writing a trained model');
  const { mkdir, rename, rm, writeFile } = nodeModule('node:fs', 'writing a trained model').promises;
  await mkdir(folder, { recursive: true });
  const path = join(folder, ROWS);
  if (dataset) {
    await writeFile(`${path}.new`, `${JSON.stringify(rowFormatDocument(dataset), null, 2)}\n`);
    await rename(`${path}.new`, path);
  } else await rm(path, { force: true });
  await save(model, folder);
}

/** The JSON of a file; undefined where there is no file. */
async function jsonOf(path: string): Promise<unknown> {
  const { readFile } = nodeModule('node:fs', 'reading a trained model').promises;
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PolytaskError(
      `Expected JSON in ${path}, received other text (${String(error)}). Train the model again.`,
      {
        cause: error,
      },
    );
  }
}
