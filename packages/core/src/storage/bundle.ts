import { PolytaskError } from '../errors/errors.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';

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

/**
 * Converts a bundle to the bytes of its files.
 *
 * @param name the name of the JSON file, such as `model.json`
 * @example Object.keys(await packBundle('model.json', { document: {}, tensors: {} })) // with 'weights.safetensors'
 */
export async function packBundle(name: string, bundle: Bundle): Promise<BundleFiles> {
  const weights = writeSafetensors(bundle.tensors, { format: 'polytask' });
  const document = {
    ...bundle.document,
    weights: { file: WEIGHTS, bytes: weights.length, sha256: await sha256(weights) },
  };
  return { [name]: new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`), [WEIGHTS]: weights };
}

/**
 * Reads a bundle from its files, and checks the sha256 of the weights.
 *
 * @param name the name of the JSON file, such as `model.json`
 * @param read reads a file by its name
 * @param place the directory, URL or set of files, as error messages name it
 * @throws PolytaskError when a file is missing, truncated, changed, or of another format
 * @example await unpackBundle('model.json', (file) => Promise.resolve(files[file]), 'the upload')
 */
export async function unpackBundle(name: string, read: ReadFile, place: string): Promise<Bundle> {
  const document = parse(await need(name, read, place), `${name} in ${place}`);
  const { weights: expected, ...rest } = document;
  const { bytes, sha256: digest } = (expected ?? {}) as { bytes?: unknown; sha256?: unknown };
  if (typeof digest !== 'string' || typeof bytes !== 'number') {
    throw new PolytaskError(
      `${name} in ${place} doesn't say which weights it belongs to. It wasn't written by save().`,
    );
  }
  for (const file of [WEIGHTS, PENDING]) {
    const content = await read(file);
    if (!content || (await sha256(content)) !== digest) continue;
    return { document: rest, tensors: readSafetensors(content, `${file} in ${place}`).tensors };
  }
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
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PolytaskError(`${what} is not JSON (${(error as Error).message}). It was cut or changed: copy it again.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolytaskError(`${what} is not a JSON object. It wasn't written by Polytask.`);
  }
  return value as Record<string, unknown>;
}

/** The sha256 of bytes in lower-case hex, from Web Crypto (Node, browsers, workers). */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
