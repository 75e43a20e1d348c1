import { checks, parseJson } from '@polytask/core';
import { modelJson, sealedFile } from '../platform/model-file.ts';
import type { RowHashes } from './row-hashes.ts';
import type { SeenRows } from './seen-rows.ts';

const { number, shaped, text } = checks;
const hashes = shaped({ features: text, labels: text, places: text });
const file = sealedFile(
  'rows.json',
  shaped({ weights: text, alike: number(), training: hashes, validation: hashes }),
  'hashes of rows',
  'Copy the folder again, or train again: without the file, nothing knows which rows the model was trained on.',
);

/**
 * Writes the hashes of the rows of a training to the folder of the model, as `rows.json`. They belong to the weights that are there now,
 * which a calibration doesn't change. Needs Node.
 *
 * @example await writeSeenRows('people-model', seenRows(raw));
 */
export async function writeSeenRows(folder: string, { alike, training, validation }: SeenRows): Promise<void> {
  const weights = await weightsOf(folder);
  await file.write(folder, { weights, alike, training: written(training), validation: written(validation) });
}

/**
 * Reads the hashes of the rows of a training. Needs Node.
 *
 * @returns undefined for a model that was saved without them, and for the hashes of an earlier model
 * @throws PolytaskError for a `rows.json` that was changed
 */
export async function readSeenRows(folder: string): Promise<SeenRows | undefined> {
  const found = await file.read(folder);
  if (!found || found.weights !== (await weightsOf(folder))) return undefined;
  return { alike: found.alike, training: read(found.training), validation: read(found.validation) };
}

const weightsOf = async (folder: string): Promise<string> =>
  (parseJson(await modelJson(folder), `JSON in ${folder}`) as { weights: { sha256: string } }).weights.sha256;

type Written = Readonly<Record<keyof RowHashes, string>>;

const written = ({ features, labels, places }: RowHashes): Written => ({
  features: packed(features),
  labels: packed(labels),
  places: packed(places),
});

const read = ({ features, labels, places }: Written): RowHashes => ({
  features: new Float64Array(unpacked(features)),
  labels: new Uint32Array(unpacked(labels)),
  places: new Uint32Array(unpacked(places)),
});

const packed = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

const unpacked = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;
