import { writeTo } from '#storage';
import { packBundle, unpackBundle, type Bundle } from './bundle.ts';
import { readerOf, type Source } from './source.ts';

/**
 * Writes a JSON document and its tensors to a directory: all of it or, when something stops the process, nothing.
 *
 * @param name of the JSON file, such as `checkpoint.json`
 */
export async function writeBundle(directory: string, name: string, bundle: Bundle): Promise<void> {
  await writeTo(directory, await packBundle(name, bundle));
}

/** Reads what {@link writeBundle} wrote. Throws a PolytaskError that says what is wrong with a damaged one. */
export function readBundle(source: Source, name: string): Promise<Bundle> {
  const { read, place } = readerOf(source);
  return unpackBundle(name, read, place);
}
