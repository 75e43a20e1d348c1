import { parseJson } from '../documents/parse-json.ts';
import { PolytaskError } from '../errors/errors.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';
import { BLANK, isWhole, sealText, sha256 } from './seal.ts';

/** A JSON document with its tensors, such as a model or a checkpoint. */
export interface Bundle {
  readonly document: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, NamedTensor>>;
}

/** The files of a bundle, the JSON file and `weights.safetensors`: bytes by file name. */
export type BundleFiles = Readonly<Record<string, Uint8Array>>;

/** Reads a file of a bundle. Returns undefined when the file doesn't exist. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

export const WEIGHTS = 'weights.safetensors';

/**
 * The name of the new weights file while a save is running. Saving has three steps: write this file, replace the JSON, and
 * rename this file. The JSON holds the sha256 of the weights, so replacing it makes the new bundle the valid one. If the
 * process stops before the rename, readers still find the weights of the JSON under this name.
 */
export const PENDING = `${WEIGHTS}.pending`;

/** The entry of the JSON file that says which weights belong to it, and what its own bytes are. */
interface Seal {
  readonly file: typeof WEIGHTS;
  /** The size of the weights file. */
  readonly bytes: number;
  /** The sha256 of the weights file. */
  readonly sha256: string;
  /** The sha256 of the JSON file with {@link BLANK} in this place. Missing in files of version 0.1.0. */
  readonly document?: string;
}

/**
 * Converts a bundle to the bytes of its files.
 *
 * @param name the name of the JSON file, such as `model.json`
 * @example Object.keys(await packBundle('model.json', { document: {}, tensors: {} })) // with 'weights.safetensors'
 */
export async function packBundle(name: string, bundle: Bundle): Promise<BundleFiles> {
  const weights = writeSafetensors(bundle.tensors, { format: 'polytask' });
  const seal: Seal = { file: WEIGHTS, bytes: weights.length, sha256: await sha256(weights), document: BLANK };
  const text = await sealText(`${JSON.stringify({ ...bundle.document, weights: seal }, null, 2)}\n`);
  return { [name]: new TextEncoder().encode(text), [WEIGHTS]: weights };
}

/**
 * Reads a bundle from its files, and checks the sha256 of both. The files may be replaced meanwhile: weights that don't belong
 * to the JSON are an error when they are still there at a second look.
 *
 * @param name the name of the JSON file, such as `model.json`
 * @param read reads a file by its name
 * @param place the directory, URL or set of files, as error messages name it
 * @throws PolytaskError when a file is missing, truncated, changed, or of another format
 * @example await unpackBundle('model.json', (file) => Promise.resolve(files[file]), 'the upload')
 */
export async function unpackBundle(name: string, read: ReadFile, place: string): Promise<Bundle> {
  for (let before = ''; ;) {
    const { document, seal } = await readDocument(name, read, place);
    const seen = [seal.sha256];
    for (const file of [WEIGHTS, PENDING]) {
      const content = await read(file);
      const digest = content && (await sha256(content));
      if (digest === seal.sha256)
        return { document, tensors: readSafetensors(content!, `${file} in ${place}`).tensors };
      seen.push(digest ?? 'missing');
    }
    if (seen.join() === before) return refuseWeights(name, read, place, seal);
    before = seen.join();
  }
}

async function readDocument(name: string, read: ReadFile, place: string) {
  const bytes = await need(name, read, place);
  const { weights: seal, ...document } = parse(bytes, `${name} in ${place}`);
  if (!isSeal(seal)) {
    throw new PolytaskError(
      `${name} in ${place} doesn't say which weights it belongs to. It wasn't written by save().`,
    );
  }
  if (seal.document !== undefined && !(await isWhole(new TextDecoder().decode(bytes), seal.document))) {
    throw new PolytaskError(
      `${name} in ${place} was changed after it was written: its sha256 differs from the one that it states. Copy it again, ` +
        'or change the model in a program and save it.',
    );
  }
  return { document, seal };
}

const SEAL: Readonly<Record<keyof Seal, (value: unknown) => boolean>> = {
  file: (value) => value === WEIGHTS,
  bytes: Number.isSafeInteger,
  sha256: (value) => typeof value === 'string',
  document: (value) => typeof value === 'string' || value === undefined,
};

const isSeal = (value: unknown): value is Seal =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).every((key) => Object.hasOwn(SEAL, key)) &&
  Object.entries(SEAL).every(([key, fits]) => fits((value as Record<string, unknown>)[key]));

async function refuseWeights(name: string, read: ReadFile, place: string, { bytes }: Seal): Promise<never> {
  const weights = await need(WEIGHTS, read, place);
  readSafetensors(weights, `${WEIGHTS} in ${place}`); // throws for a truncated file or another format
  throw new PolytaskError(
    weights.length === bytes
      ? `${WEIGHTS} in ${place} was changed after it was written: its sha256 differs from that in ${name}. Copy it again.`
      : `${WEIGHTS} in ${place} has ${weights.length} bytes, ${name} means a file of ${bytes}. ` +
          `They don't belong together: copy both again.`,
  );
}

async function need(file: string, read: ReadFile, place: string): Promise<Uint8Array> {
  const bytes = await read(file);
  if (!bytes) throw new PolytaskError(`There is no ${file} in ${place}. Pass the place that save() wrote to.`);
  return bytes;
}

function parse(bytes: Uint8Array, what: string): Record<string, unknown> {
  const value = parseJson(bytes, `JSON in ${what}`, 'The file was cut or changed: copy it again.');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolytaskError(`${what} is not a JSON object. It wasn't written by Polytask.`);
  }
  return value as Record<string, unknown>;
}
