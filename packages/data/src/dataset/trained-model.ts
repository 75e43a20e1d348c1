import {
  fail,
  load,
  openFolder,
  readSealed,
  sha256Of,
  writeSealed,
  contentDigest,
  type MultiTaskModel,
  type Tasks,
} from '@polytask/core';
import { saveAmong } from '@polytask/core/internal';
import '@polytask/core/calibration'; // for models that are calibrated
import { modelJson } from '../platform/model-file.ts';
import { nodeModule } from '../platform/node-module.ts';
import { rowFormat, rowFormatDocument, schemaRowFormat, type RowFormat } from './row-format.ts';

/** The file of a trained model that says how rows are read. */
const ROWS = 'dataset.json';

/** The name of that file while its model is saved. Of the two, the one that states the model's schema is valid. */
const PENDING = `${ROWS}.pending`;

/** A model, with the format of the rows that it was trained on. */
export interface TrainedModel {
  readonly model: MultiTaskModel;
  /** How rows like the training rows are read. */
  readonly rows: RowFormat;
}

/**
 * Reads the folder of a trained model: `model.json` and `weights.safetensors` as core's `save` writes them, and `dataset.json`, the format
 * of the training rows. Without `dataset.json`, columns have the names of the features, and files have the default format. Needs Node.
 * A `dataset.json` from a training states its own sha256 and that of the schema. Written by hand, it has neither.
 *
 * First import the packages that define the model's components, as for core's `load`.
 *
 * @returns a model that the caller disposes of
 * @throws PolytaskError as core's `load` does
 * @throws PolytaskError for a `dataset.json` that was changed, belongs to another model, or has an unknown key or a wrong value
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * for await (const table of (await rowStream('rows.csv', rows)).tables()) model.predict(encode(table, model.schema));
 */
export async function readTrainedModel(folder: string): Promise<TrainedModel> {
  const model = await load(folder);
  try {
    return {
      model,
      rows: (await readRowFormat(folder, await contentDigest(model.schema))) ?? schemaRowFormat(model.schema),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Identifies a saved model: 16 digits of the sha256 of its `model.json`, which has the sha256 of its weights. Needs Node.
 *
 * @throws PolytaskError for a folder without a model
 * @example await modelId('people-model') // '5f1d0c6a2e7b4d93'
 */
export const modelId = async (folder: string): Promise<string> =>
  (await sha256Of([await modelJson(folder)])).slice(0, 16);

const MEND = 'Train the model again, or copy its whole folder again.';

/** Undefined when the folder has no format of rows. @param schema the sha256 of the model's schema */
async function readRowFormat(folder: string, schema: string): Promise<RowFormat | undefined> {
  const { join } = nodeModule('node:path', 'reading a trained model');
  const [settled, pending] = await Promise.all(
    [ROWS, PENDING].map(async (name) => {
      const content = await openFolder(folder).read(name);
      return content && (await readSealed(content, `JSON in ${join(folder, name)}`, MEND));
    }),
  );
  const own = [settled, pending].find((document) => document?.['schema'] === schema);
  const byHand = settled?.['schema'] === undefined ? settled : undefined;
  const { schema: _, ...format } = own ?? byHand ?? {};
  if (own ?? byHand) return rowFormat(format, join(folder, ROWS));
  return (
    settled &&
    fail({ expected: `${join(folder, ROWS)} of the model beside it`, received: 'that of another model', fix: MEND })
  );
}

/**
 * Writes a trained model to a folder: what core's `save` writes, and `dataset.json`. It replaces an earlier model and its
 * `dataset.json` at once: a process that is killed leaves both of the earlier model, or both of the new one. Needs Node.
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
  const format = dataset && { ...rowFormatDocument(dataset), schema: await contentDigest(model.schema) };
  const content = format && `${await writeSealed(format, 2)}\n`;
  const { write } = openFolder(folder);
  if (content) await write((writer) => writer.replace(PENDING, content));
  await saveAmong(model, folder);
  await write(async (writer) => {
    await (content ? writer.replace(ROWS, content) : writer.remove(ROWS));
    await writer.remove(PENDING);
  });
}
