import { PolytaskError } from '../errors/errors.ts';
import type { Folder } from './folder.ts';

/** A folder that can be neither read nor written, because a browser has no directories. */
export const openFolder = (directory: string): Folder => ({
  read() {
    throw new PolytaskError(
      `Can't read the directory "${directory}" in a browser. Pass a URL, the files of an <input>, or their bytes by name.`,
    );
  },
  write() {
    throw new PolytaskError(
      `Can't write the directory "${directory}" in a browser. Call toBytes(model) and offer the files for download.`,
    );
  },
});
