import { openFolder } from '#storage';
import { type BundleFiles, packBundle, PENDING, unpackBundle, WEIGHTS, type Bundle } from './bundle.ts';
import type { Folder, FolderWriter } from './folder.ts';
import { sha256 } from './seal.ts';
import { readerOf, type Source } from './source.ts';

/**
 * Writes a JSON document and its tensors to a directory. If the process or the machine stops while it writes, the directory
 * keeps the earlier bundle.
 *
 * @param name the name of the JSON file, such as `checkpoint.json`
 * @throws PolytaskError in a browser, unless the directory is `indexeddb://…` or `opfs://…`
 * @example await writeBundle('run', 'checkpoint.json', { document: { step: 7 }, tensors: await readParameters(store) })
 */
export async function writeBundle(directory: string, name: string, bundle: Bundle): Promise<void> {
  await writeFiles(openFolder(directory), name, await packBundle(name, bundle));
}

/**
 * Writes the two files of a bundle. The replacement of the JSON file is the moment at which the new bundle is the valid one.
 *
 * @param name the name of the JSON file
 */
export function writeFiles(folder: Folder, name: string, files: BundleFiles): Promise<void> {
  return folder.write(async (writer) => {
    await settle(folder, writer, name);
    try {
      await writer.replace(PENDING, files[WEIGHTS]!);
      await writer.replace(name, files[name]!);
    } catch (error) {
      await settle(folder, writer, name).catch(() => {}); // the first error says more
      throw error;
    }
    await writer.move(PENDING, WEIGHTS);
  });
}

/** Ends an earlier save that stopped: its weights take their place if it had replaced the JSON, and go otherwise. */
async function settle(folder: Folder, writer: FolderWriter, name: string): Promise<void> {
  const pending = await folder.read(PENDING);
  if (!pending) return;
  const json = new TextDecoder().decode(await folder.read(name));
  if (json.includes(await sha256(pending))) await writer.move(PENDING, WEIGHTS);
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
