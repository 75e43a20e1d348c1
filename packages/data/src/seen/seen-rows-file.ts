import { checks, fail, openFolder, parseJson, readDocument, readSealed, writeSealed } from '@polytask/core';
import { nodeModule } from '../platform/node-module.ts';
import type { SeenRows } from './seen-rows.ts';

const ROWS = 'rows.json';

const { number, shaped, text } = checks;
const document = shaped({ weights: text, alike: number(), training: text, validation: text });

/**
 * Writes the hashes of the rows of a training to the folder of the model, as `rows.json`. They belong to the weights that are there now,
 * which a calibration doesn't change. Needs Node.
 *
 * @example await writeSeenRows('people-model', seenRows(raw));
 */
export async function writeSeenRows(folder: string, { alike, training, validation }: SeenRows): Promise<void> {
  const hashes = { training: packed(training), validation: packed(validation) };
  const content = await writeSealed({ weights: await weightsOf(folder), alike, ...hashes });
  await openFolder(folder).write((writer) => writer.replace(ROWS, `${content}\n`));
}

/**
 * Reads the hashes of the rows of a training. Needs Node.
 *
 * @returns undefined for a model that was saved without them, and for the hashes of an earlier model
 * @throws PolytaskError for a `rows.json` that was changed
 */
export async function readSeenRows(folder: string): Promise<SeenRows | undefined> {
  const content = await openFolder(folder).read(ROWS);
  if (!content) return undefined;
  const { join } = nodeModule('node:path', 'reading the rows of a training');
  const place = `hashes of rows as JSON in ${join(folder, ROWS)}`;
  const fix =
    'Copy the folder again, or train again: without the file, nothing knows which rows the model was trained on.';
  const { weights, alike, training, validation } = readDocument(document, await readSealed(content, place, fix), place);
  if (weights !== (await weightsOf(folder))) return undefined;
  return { alike, training: unpacked(training), validation: unpacked(validation) };
}

/** The sha256 of the weights of a saved model. */
async function weightsOf(folder: string): Promise<string> {
  const content = await openFolder(folder).read('model.json');
  if (!content)
    return fail({ expected: `model.json in ${folder}`, received: 'none', fix: 'Pass the folder of a trained model.' });
  return (parseJson(content, `JSON in ${folder}`) as { weights: { sha256: string } }).weights.sha256;
}

const packed = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

const unpacked = (text: string): Float64Array => new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
