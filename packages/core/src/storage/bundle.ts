import { newSha256 } from '#sha256';
import {
  type ReadValue,
  fits,
  isObject,
  oneOf,
  optional,
  parseJson,
  PolytaskError,
  shaped,
  string,
  wholeNumber,
  fail,
} from '@polytask/components';
import { byteLengthOf, chunksOf, joinBytes } from './bytes.ts';
import type { FileParts, ReadParts, Folder, FolderWriter } from './folder.ts';
import { SafetensorsReader } from './safetensors-reader.ts';
import { safetensorsArrays, type NamedTensor, type TensorParts } from './safetensors.ts';
import { BLANK, isWhole, sealText, sha256Of } from './seal.ts';
import { openFolder, readerOf, type Source } from './source.ts';

export interface Bundle {
  readonly document: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, NamedTensor>>;
}

export interface BundleParts extends Pick<Bundle, 'document'> {
  readonly tensors: Readonly<Record<string, TensorParts>>;
}

/** The files of a bundle, the JSON file and `weights.safetensors`: bytes by file name. */
export type BundleFiles = Readonly<Record<string, Uint8Array>>;

export const WEIGHTS = 'weights.safetensors';

/**
 * The name of the new weights file while a save is running: it is written, the JSON with its sha256 is replaced, and it is renamed. So the
 * JSON decides, and readers find its weights under this name if the process stops before the last step.
 */
export const PENDING = `${WEIGHTS}.pending`;

/** The entry of the JSON file that says which weights belong to it, and what its own bytes are. */
const seal = shaped({
  file: oneOf(WEIGHTS),
  bytes: wholeNumber(),
  /** The sha256 of the weights file. */
  sha256: string,
  /** The sha256 of the JSON file with {@link BLANK} in this place. */
  document: optional(string),
});
type Seal = ReadValue<typeof seal>;

/** The bytes of the weights file, in chunks that are copies, and the JSON file: call `json` once, after the last chunk. */
function filesOf({ document, tensors }: BundleParts) {
  const arrays = safetensorsArrays(tensors, { format: 'polytask' });
  const hash = newSha256();
  const hashed = function* () {
    for (const chunk of chunksOf(arrays)) {
      hash.update(chunk);
      yield chunk;
    }
  };
  return {
    chunks: hashed(),
    async json(): Promise<Uint8Array> {
      const sha256 = await hash.digest();
      const weights: Seal = { file: WEIGHTS, bytes: byteLengthOf(arrays), sha256, document: BLANK };
      return new TextEncoder().encode(await sealText(`${JSON.stringify({ ...document, weights }, null, 2)}\n`));
    },
  };
}

/** The bytes of the files of a bundle. @param name of the JSON file, such as `model.json` */
export async function packBundle(name: string, bundle: BundleParts): Promise<BundleFiles> {
  const { chunks, json } = filesOf(bundle);
  const weights = joinBytes([...chunks]);
  return { [name]: await json(), [WEIGHTS]: weights };
}

/**
 * Reads a bundle, and checks the sha256 of both files. They may be replaced meanwhile: weights that don't belong to the JSON are an error
 * when they are still there at a second look. @param place the directory, URL or set of files, as error messages name it
 */
export async function unpackBundle(name: string, read: ReadParts, place: string): Promise<Bundle> {
  for (let before = ''; ;) {
    const { document, seal } = await readDocument(name, read, place);
    const seen = [seal.sha256];
    for (const file of [WEIGHTS, PENDING]) {
      const weights = await read(file, (parts) => readWeights(parts, `${file} in ${place}`));
      if (weights?.sha256 === seal.sha256) return { document, tensors: weights.reader.finish().tensors };
      seen.push(weights?.sha256 ?? 'missing');
    }
    if (seen.join() === before) return refuseWeights(name, read, place, seal);
    before = seen.join();
  }
}

async function readWeights({ size, parts }: FileParts, name: string) {
  const [hash, reader] = [newSha256(), new SafetensorsReader(size, name)];
  for await (const part of parts) {
    hash.update(part);
    reader.add(part);
  }
  return { size, reader, sha256: await hash.digest() };
}

async function readDocument(name: string, read: ReadParts, place: string) {
  const bytes = present(await read(name, allBytes), name, place);
  const value = parseJson(bytes, `JSON in ${name} in ${place}`, 'The file was cut or changed: copy it again.');
  if (!isObject(value))
    throw new PolytaskError(`${name} in ${place} is not a JSON object. It wasn't written by Polytask.`);
  const { weights, ...document } = value;
  if (!fits(seal, weights)) {
    throw new PolytaskError(
      `${name} in ${place} doesn't say which weights it belongs to. It wasn't written by save().`,
    );
  }
  if (weights.document !== undefined && !(await isWhole(new TextDecoder().decode(bytes), weights.document))) {
    throw new PolytaskError(
      `${name} in ${place} was changed after it was written: its sha256 isn't the one that it states. Copy it again.`,
    );
  }
  return { document, seal: weights };
}

async function refuseWeights(name: string, read: ReadParts, place: string, { bytes }: Seal): Promise<never> {
  const weights = await read(WEIGHTS, (parts) => readWeights(parts, `${WEIGHTS} in ${place}`));
  const { size, reader } = present(weights, WEIGHTS, place);
  reader.finish(); // throws for a truncated file or another format
  throw new PolytaskError(
    size === bytes
      ? `${WEIGHTS} in ${place} was changed after it was written: its sha256 differs from that in ${name}. Copy it again.`
      : `${WEIGHTS} in ${place} has ${size} bytes, ${name} means a file of ${bytes}. ` +
          `They don't belong together: copy both again.`,
  );
}

function present<C>(content: C | undefined, file: string, place: string): C {
  if (content !== undefined) return content;
  throw new PolytaskError(`There is no ${file} in ${place}. Pass the place that save() wrote to.`);
}

async function allBytes({ parts }: FileParts): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return joinBytes(all);
}

/**
 * Writes a JSON document and its tensors to a directory. If the process or the machine stops while it writes, the directory
 * keeps the earlier bundle. The tensors are written from their own memory: change them after the promise is fulfilled.
 *
 * @throws PolytaskError for weights in the directory that are another bundle's: those of a model, for a checkpoint
 * @throws PolytaskError in a browser, unless the directory is `indexeddb://…` or `opfs://…`
 * @example await writeBundle('run', 'checkpoint.json', { document: { step: 7 }, tensors: await readParameters(store) })
 */
export function writeBundle(directory: string, name: string, bundle: BundleParts): Promise<void> {
  const folder = openFolder(directory);
  return folder.write(async (writer) => {
    await settle(folder, writer, name);
    await refuseOthers(folder, directory, name);
    try {
      const { chunks, json } = filesOf(bundle);
      await writer.replace(PENDING, chunks);
      await writer.replace(name, await json()); // now the new bundle is the valid one
    } catch (error) {
      await settle(folder, writer, name).catch(() => {}); // the first error says more
      throw error;
    }
    await writer.move(PENDING, WEIGHTS);
  });
}

/** All bundles of a folder would have the same name for their weights. */
async function refuseOthers(folder: Folder, directory: string, name: string): Promise<void> {
  const [own, weights] = await Promise.all([name, WEIGHTS].map((each) => folder.readParts(each, async () => true)));
  if (own || !weights) return;
  fail({
    expected: `${name} beside ${WEIGHTS} in ${directory}`,
    received: 'weights of something else',
    fix: 'Save models and checkpoints to folders of their own, or remove the file.',
  });
}

/** Ends an earlier save that stopped: its weights take their place if it had replaced the JSON, and go otherwise. */
async function settle(folder: Folder, writer: FolderWriter, name: string): Promise<void> {
  const pending = await folder.readParts(PENDING, ({ parts }) => sha256Of(parts));
  if (pending === undefined) return;
  const json = new TextDecoder().decode(await folder.read(name));
  if (json.includes(pending)) await writer.move(PENDING, WEIGHTS);
  else await writer.remove(PENDING);
}

/**
 * Reads a bundle that {@link writeBundle} wrote.
 *
 * @throws PolytaskError when a file is missing, truncated or changed
 * @example const { document, tensors } = await readBundle('run', 'checkpoint.json');
 */
export function readBundle(source: Source, name: string): Promise<Bundle> {
  const { read, place } = readerOf(source);
  return unpackBundle(name, read, place);
}
