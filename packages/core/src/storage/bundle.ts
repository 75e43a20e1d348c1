import { PolytaskError } from '../errors/errors.ts';
import { readSafetensors, writeSafetensors, type NamedTensor } from './safetensors.ts';

/** A JSON document and the tensors that belong to it: a model, or a checkpoint. */
export interface Bundle {
  readonly document: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, NamedTensor>>;
}

/** A bundle as files: `<name>.json` and `weights.safetensors`. */
export type BundleFiles = Readonly<Record<string, Uint8Array>>;

/** Where a bundle's files are read from; undefined when there is no such file. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

export const WEIGHTS = 'weights.safetensors';

/**
 * The suffix of a weights file that waits to take its place. Saving writes it, then replaces the JSON (which holds the
 * weights' sha256, and so is the moment at which the new bundle is the valid one), then renames it. A reader that comes
 * between, or after a crash there, finds the weights that the JSON means under this name.
 */
export const PENDING = `${WEIGHTS}.pending`;

export async function packBundle(name: string, bundle: Bundle): Promise<BundleFiles> {
  const weights = writeSafetensors(bundle.tensors, { format: 'polytask' });
  const document = {
    ...bundle.document,
    weights: { file: WEIGHTS, bytes: weights.length, sha256: await sha256(weights) },
  };
  return { [name]: new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`), [WEIGHTS]: weights };
}

/**
 * @param name of the JSON file, such as `model.json`
 * @param place how errors call the directory, URL or set of files
 * @throws PolytaskError that says which file is missing, truncated, tampered with or foreign
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
    const found = await read(file);
    if (!found || (await sha256(found)) !== digest) continue;
    return { document: rest, tensors: readSafetensors(found, `${file} in ${place}`).tensors };
  }
  const weights = await need(WEIGHTS, read, place);
  readSafetensors(weights, `${WEIGHTS} in ${place}`); // says what is wrong with a truncated or foreign file
  throw new PolytaskError(
    weights.length === bytes
      ? `${WEIGHTS} in ${place} was changed after it was written: its sha256 differs from that in ${name}. Copy it again.`
      : `${WEIGHTS} in ${place} has ${weights.length} bytes, ${name} means a file of ${bytes}. They don't belong together: copy both again.`,
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

/** The sha256 of bytes in lower-case hex, by the platform's own implementation (Node, browsers, workers). */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
