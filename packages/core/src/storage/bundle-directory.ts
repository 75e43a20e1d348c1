import { writeTo } from '#storage';
import { packBundle, unpackBundle, type Bundle } from './bundle.ts';
import { readerOf, type Source } from './source.ts';

/**
 * Writes a JSON document and its tensors to a directory. If the process stops while it writes, the directory keeps the
 * earlier bundle.
 *
 * @param name the name of the JSON file, such as `checkpoint.json`
 * @throws PolytaskError in a browser
 * @example await writeBundle('run', 'checkpoint.json', { document: { step: 7 }, tensors: await readParameters(store) })
 */
export async function writeBundle(directory: string, name: string, bundle: Bundle): Promise<void> {
  await writeTo(directory, await packBundle(name, bundle));
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
