import { PolytaskError } from '../errors/errors.ts';
import type { BundleFiles } from './bundle.ts';

/** Throws: a browser can't read directories. */
export function readFrom(directory: string, _name: string): Promise<Uint8Array | undefined> {
  throw new PolytaskError(
    `Can't read the directory "${directory}" in a browser. Pass a URL, the files of an <input>, or their bytes by name.`,
  );
}

/** Throws: a browser can't write directories. */
export function writeTo(directory: string, _files: BundleFiles): Promise<void> {
  throw new PolytaskError(
    `Can't write the directory "${directory}" in a browser. Call toBytes(model) and offer the files for download.`,
  );
}
