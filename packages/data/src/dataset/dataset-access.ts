import { fail, flag, optional, readOptions, type FromDescription, type Written } from '@polytask/components';
import { limitOption } from '../limits/read-limits.ts';
import { nodeModule } from '../platform/node-module.ts';

const options = {
  ...limitOption,
  /** Whether it may read files outside its own folder, and URLs. */
  allowFilesOutside: optional(flag, false),
};

/** What a data set file may read. The caller decides it, not the file. */
export interface DatasetAccess extends Written<typeof options>, FromDescription {}

/** @param where the called function, for messages @throws PolytaskError for an unknown option */
export const checkAccess = (access: DatasetAccess, where: string) => readOptions(access, options, where);

/**
 * Finds the files that a data set file names.
 *
 * @param file the path of the data set file
 * @returns a function from a path or URL in the file to an absolute path or URL
 * @throws PolytaskError for a URL, for a file outside the folder, by way of symbolic links too, and for a pipe or a device, which may
 * never end
 */
export function fileFinder(file: string, { allowFilesOutside = false }: DatasetAccess): (name: string) => string {
  const { dirname, relative, isAbsolute, resolve, sep } = nodeModule('node:path', 'reading a data set file');
  const { existsSync, realpathSync, statSync } = nodeModule('node:fs', 'reading a data set file');
  const folder = resolve(dirname(file));
  const isBelow = (top: string, path: string): boolean => {
    const way = relative(top, path);
    return !isAbsolute(way) && way.split(sep)[0] !== '..';
  };
  const isEndless = (path: string): boolean => !statSync(path).isFile() && !statSync(path).isDirectory();
  const isAllowed = (path: string): boolean =>
    isBelow(folder, path) &&
    (!existsSync(path) || (isBelow(realpathSync(folder), realpathSync(path)) && !isEndless(path)));
  return (name) => {
    const isUrl = /^(https?|file):/.test(name);
    const place = isUrl ? name : resolve(folder, name);
    if (!allowFilesOutside && (isUrl || !isAllowed(place))) {
      fail({
        expected: `${file} to name files below its own folder, and neither pipes nor devices`,
        received: JSON.stringify(name),
        fix: 'If you trust the file, pass --allow-files-outside; in a program, allowFilesOutside: true.',
      });
    }
    return place;
  };
}
