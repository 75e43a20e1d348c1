import { fail } from '@polytask/components';
import {
  PENDING,
  sealedDocument,
  unpackBundle,
  WEIGHTS,
  weightsFile,
  type Bundle,
  type BundleParts,
} from './bundle.ts';
import type { Folder, FolderWriter } from './folder.ts';
import { openFolder } from './open-folder.ts';
import { sha256Of } from './sha256.ts';
import { readerOf, type Source } from './source.ts';

/**
 * Writes a JSON document and its tensors to a directory. If the process or the machine stops while it writes, the directory
 * keeps the earlier bundle. The tensors are written from their own memory: change them after the promise is fulfilled.
 *
 * @param name the name of the JSON file, such as `checkpoint.json`
 * @throws PolytaskError for weights in the directory that are another bundle's: those of a model, for a checkpoint
 * @throws PolytaskError in a browser, unless the directory is `indexeddb://…` or `opfs://…`
 * @example await writeBundle('run', 'checkpoint.json', { document: { step: 7 }, tensors: await readParameters(store) })
 */
export function writeBundle(directory: string, name: string, { document, tensors }: BundleParts): Promise<void> {
  const folder = openFolder(directory);
  return folder.write(async (writer) => {
    await settle(folder, writer, name);
    await refuseOthers(folder, directory, name);
    try {
      const { chunks, seal } = weightsFile(tensors);
      await writer.replace(PENDING, chunks);
      await writer.replace(name, await sealedDocument(document, await seal())); // now the new bundle is the valid one
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
 * @param name the name of the JSON file, such as `checkpoint.json`
 * @throws PolytaskError when a file is missing, truncated or changed
 * @example const { document, tensors } = await readBundle('run', 'checkpoint.json');
 */
export function readBundle(source: Source, name: string): Promise<Bundle> {
  const { read, place } = readerOf(source);
  return unpackBundle(name, read, place);
}
