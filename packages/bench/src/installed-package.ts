import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A package in a node_modules folder. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, without symbolic links. */
  readonly directory: string;
}

/**
 * Finds the package that a file would import. Unlike `require.resolve`, it also finds a package that exports nothing by this name.
 *
 * @param from the path or URL of a file, which need not exist
 * @param options `withPrivate`: whether a package that was never published counts, such as one of the same workspace. Default: false
 * @returns undefined when the package isn't installed
 */
export function installedPackage(
  name: string,
  from: string = import.meta.url,
  { withPrivate = false } = {},
): InstalledPackage | undefined {
  for (const modules of createRequire(from).resolve.paths(name) ?? []) {
    const directory = path.join(modules, name);
    try {
      const manifest = readFileSync(path.join(directory, 'package.json'), 'utf8');
      const { version, private: isPrivate } = JSON.parse(manifest) as { version: string; private?: boolean };
      if (isPrivate && !withPrivate) continue; // a workspace's own, which has no releases
      return { name, version, directory: realpathSync(directory) };
    } catch {
      continue; // not in this folder
    }
  }
  return undefined;
}
