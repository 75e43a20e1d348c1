import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { allComponents } from '@polytask/core';
import { moduleCode, type ModuleCode, type ModuleIdentity } from './module-identity.ts';

/** A module from outside that this process has imported: a plugin, a suite, or a configuration. */
export interface ImportedModule {
  readonly exports: unknown;
  /** Its code when it was imported. */
  readonly code: ModuleCode;
  /** What its import has defined, such as `expert:kan` or `metric:worst`. */
  readonly defines: ReadonlySet<string>;
}

/** By URL. Like the module cache of the process, an entry never changes: an edit of the file has no effect on what runs. */
const imported = new Map<string, Promise<ImportedModule>>();

/**
 * Imports a module from outside, once. TypeScript is compiled in memory: no file of a cache that others may write is run.
 *
 * @param url of a file
 * @throws the error of the module. It can be imported again then
 */
export function importFile(url: string): Promise<ImportedModule> {
  const before = imported.get(url);
  if (before) return before;
  const importing = importAnew(url);
  imported.set(url, importing);
  importing.catch(() => imported.delete(url));
  return importing;
}

async function importAnew(url: string): Promise<ImportedModule> {
  const code = await moduleCode(url);
  const before = new Set(definedNames());
  const exports = await exportsOf(url);
  return { exports, code, defines: new Set(definedNames().filter((name) => !before.has(name))) };
}

async function exportsOf(url: string): Promise<unknown> {
  if (/\.[cm]?js$/.test(url)) return import(url);
  return (await moduleLoader(path.dirname(fileURLToPath(url)))).import(fileURLToPath(url));
}

/** Loads modules in TypeScript, and finds packages, as seen from a directory. */
export async function moduleLoader(directory: string) {
  const { createJiti } = await import('jiti');
  const nativeModules = ['@tensorflow/tfjs']; // a CommonJS file that it takes for a module, and compiles in two seconds
  return createJiti(pathToFileURL(path.join(directory, 'index.js')).href, {
    tryNative: true,
    fsCache: false,
    nativeModules,
  });
}

/** All modules that were imported, in the order of their imports. */
export const importedModules = (): Promise<readonly ImportedModule[]> => Promise.all(imported.values());

const urlOf = (urlOrPath: string): string =>
  urlOrPath.startsWith('file:') ? urlOrPath : pathToFileURL(urlOrPath).href;

/** Identifies a module by its content: as it was when this process imported it, or as it is. @param urlOrPath of a file */
export async function identityOf(urlOrPath: string): Promise<ModuleIdentity> {
  const url = urlOf(urlOrPath);
  const { name, sha256 } = (await imported.get(url))?.code ?? (await moduleCode(url));
  return { name, sha256 };
}

/** A module with the place where this machine has it. */
export interface ModuleAt extends ModuleIdentity {
  readonly url: string;
}

/** Identifies modules at their places. JSON files have no code, and are left out. @param urlsOrPaths of files */
export const modulesAt = (urlsOrPaths: readonly string[]): Promise<ModuleAt[]> =>
  Promise.all(
    urlsOrPaths
      .filter((each) => !each.endsWith('.json'))
      .map(async (each) => ({ url: urlOf(each), ...(await identityOf(each)) })),
  );

/** The name of a component in {@link ImportedModule.defines}. */
export const definedName = (kind: string, name: string): string => `${kind}:${name}`;

/** All that is defined in this process, those of Polytask's own packages as well. */
const definedNames = (): string[] => allComponents().map(({ kind, name }) => definedName(kind, name));
