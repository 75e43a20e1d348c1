import { readFileSync } from 'node:fs';
import path from 'node:path';
import { foldersWith, ROOT } from '../repository.ts';

/** What a program can import. */
export interface EntryPoint {
  /** As a program writes it: `@polytask/core/tf-layers`. */
  readonly specifier: string;
  /** The absolute path of its source. */
  readonly source: string;
}

/** The facts of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly private?: boolean;
  readonly exports: Readonly<
    Record<string, string | { readonly '@polytask/source': string | { readonly default: string } }>
  >;
}

/** Packages without an interface of their own: one is run by npm, and one exports all the others. */
const WITHOUT_PAGES = ['create-polytask', 'polytask'];

/** Entry points for single purposes of other packages. Their exports are documented where they are at home, or are for tests. */
const INTERNAL = ['./common', './testing', './cli', './internal'];

/** The `package.json` of a folder of the repository. */
export const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;

/** The entry points of all packages that have a reference. */
export const entryPoints = (): EntryPoint[] =>
  foldersWith('packages', 'package.json').flatMap((folder) => {
    const { name, exports, private: isPrivate } = manifestOf(folder);
    if (isPrivate || WITHOUT_PAGES.includes(name)) return [];
    return Object.entries(exports).flatMap(([subpath, targets]) => {
      if (typeof targets === 'string' || INTERNAL.includes(subpath)) return [];
      const source = targets['@polytask/source'];
      const file = typeof source === 'string' ? source : source.default;
      return [{ specifier: path.posix.join(name, subpath), source: path.join(ROOT, folder, file) }];
    });
  });
