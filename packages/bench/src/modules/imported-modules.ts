import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { realpath, readFile } from 'node:fs/promises';
import { parseWrittenJson } from '@polytask/data';
import { allComponents, readOptions, checks, fail } from '@polytask/core';
import { usedIn } from '@polytask/core/internal';
import { contentKey, type CodeOf } from '@polytask/study';
import { moduleCode, type ModuleCode, type ModuleIdentity, isInstalled } from './module-identity.ts';

/** The contents of `polytask.config.ts`. */
export interface PolytaskConfig {
  /**
   * Packages, or files relative to the configuration, that define components, balancers and metrics. They are imported before anything
   * else, in worker processes as well.
   */
  readonly plugins?: readonly string[];
}

/**
 * Returns its argument, so that an editor can check and complete a configuration.
 *
 * @example export default defineConfig({ plugins: ['my-experts', './kan.ts'] });
 */
export const defineConfig = (config: PolytaskConfig): PolytaskConfig => config;

/** Imports the plugins that a configuration names. @returns their URLs, for other processes */
export async function loadConfiguredPlugins(file: string): Promise<string[]> {
  const config = file.endsWith('.json')
    ? parseWrittenJson(await readFile(file), `JSON in ${file}`)
    : ((await importModule(pathToFileURL(file).href, file)) as { default?: unknown }).default;
  const { listOf, optional, text } = checks;
  readOptions(config as PolytaskConfig, { plugins: optional(listOf(text)) }, path.basename(file));
  return loadPlugins((config as PolytaskConfig).plugins ?? [], path.dirname(file));
}

/** Imports plugins. @param names package names, paths relative to `directory`, or file URLs @returns their URLs, for other processes */
export async function loadPlugins(names: readonly string[], directory = process.cwd()): Promise<string[]> {
  const urls: string[] = [];
  for (const name of names) {
    const url = await resolved(name, directory);
    await importModule(url, name);
    urls.push(url);
  }
  return urls;
}

async function resolved(name: string, directory: string): Promise<string> {
  if (name.startsWith('file:')) return name;
  if (/^\.{0,2}[\\/]/.test(name) || path.isAbsolute(name) || /\.[cm]?[jt]s$/.test(name)) {
    return pathToFileURL(path.resolve(directory, name)).href;
  }
  const jiti = await moduleLoader(directory);
  try {
    return pathToFileURL(fileURLToPath(jiti.esmResolve(name))).href;
  } catch {
    return fail({
      expected: 'the name of an installed package, or the path of a file, as a plugin',
      received: `"${name}", which ${directory} doesn't have`,
      fix: `Run npm install ${name}, or write a file as ./${name}.ts.`,
    });
  }
}

/** @param shown the name of the module in errors */
async function importModule(url: string, shown: string): Promise<unknown> {
  try {
    return (await importFile(url)).exports;
  } catch (error) {
    return fail({
      expected: `a plugin that can be imported from "${shown}"`,
      received: `an error (${(error as Error).message})`,
      fix: 'Correct the module, or its path.',
    });
  }
}

export interface ImportedModule {
  readonly exports: unknown;
  readonly code: ModuleCode;
  /** What its import has defined, such as `expert:kan` or `metric:worst`. */
  readonly defines: ReadonlySet<string>;
}

/** By URL. Like the module cache of the process, an entry never changes: an edit of the file has no effect on what runs. */
const imported = new Map<string, Promise<ImportedModule>>();

/** Imports a module from outside, once. TypeScript is compiled in memory: no cache that others may write is run. */
export function importFile(url: string): Promise<ImportedModule> {
  const importing = imported.get(url) ?? importAnew(url);
  imported.set(url, importing);
  importing.catch(() => imported.delete(url));
  return importing;
}

async function importAnew(url: string): Promise<ImportedModule> {
  const code = await moduleCode(url);
  const before = new Set(definedNames());
  const file = fileURLToPath(url);
  const exports: unknown = await (/\.[cm]?js$/.test(url)
    ? import(url)
    : (await moduleLoader(path.dirname(file))).import(file));
  return { exports, code, defines: new Set(definedNames().filter((name) => !before.has(name))) };
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

export const importedModules = (): Promise<readonly ImportedModule[]> => Promise.all(imported.values());

const urlOf = (urlOrPath: string): string =>
  urlOrPath.startsWith('file:') ? urlOrPath : pathToFileURL(urlOrPath).href;

/** Identifies a module by its content: as it was when this process imported it, or as it is. @param urlOrPath of a file */
export async function identityOf(urlOrPath: string): Promise<ModuleIdentity> {
  const url = urlOf(urlOrPath);
  const { name, sha256 } = (await imported.get(url))?.code ?? (await moduleCode(url));
  return { name, sha256 };
}

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

export const definedName = (kind: string, name: string): string => `${kind}:${name}`;

const definedNames = (): string[] => allComponents().map(({ kind, name }) => definedName(kind, name));

type CountedModule = Pick<ImportedModule, 'code' | 'defines'>;

/** The kinds of component whose code counts only for models that name them. Trackers only listen, and trials have a hash of their rows. */
const COUNT_WHERE_NAMED = /^(expert|gate|network|input|penalty|balancer|tracker|reader):/;

/** Hashes the code from outside that a trial depends on: all modules but those that surely have no part. Call it after all imports. */
export async function outsideCode(plugins: readonly string[]): Promise<CodeOf> {
  const modules = [...(await importedModules()), ...(await mainModule())];
  const unknown = await pluginsWithoutNames(plugins);
  const always = modules.filter(
    (each) => unknown.includes(each) || [...each.defines].some((name) => !COUNT_WHERE_NAMED.test(name)),
  );
  return ({ model, training }) => {
    const used = usedIn(model).map(({ kind, name }) => definedName(kind, name));
    const named = modules.filter(
      ({ defines }) => training.teacherModel !== undefined || used.some((name) => defines.has(name)),
    );
    const hashes = [...always, ...named].map(({ code }) => code.sha256);
    return hashes.length === 0 ? undefined : contentKey([...new Set(hashes)].sort());
  };
}

/** The plugins whose import has defined nothing, unless another module that was imported before has imported them. */
async function pluginsWithoutNames(plugins: readonly string[]): Promise<CountedModule[]> {
  const modules = await importedModules();
  const named = modules.filter(({ defines }) => defines.size > 0);
  const own = await Promise.all(plugins.map(importFile));
  return own.filter(({ defines, code }) => defines.size === 0 && !named.some((each) => each.code.files.has(code.file)));
}

/** The program's main module, if it has defined components. None for a program of an installed package, such as a test runner. */
async function mainModule(): Promise<CountedModule[]> {
  const attributed = new Set((await importedModules()).flatMap(({ defines }) => [...defines]));
  const defines = allComponents().flatMap(({ kind, name, package: from }) =>
    from?.startsWith('@polytask/') ? [] : [definedName(kind, name)],
  );
  const own = defines.filter((name) => !attributed.has(name));
  const main = process.argv[1];
  const file = main === undefined ? undefined : await realpath(main).catch(() => undefined);
  if (own.length === 0 || file === undefined || isInstalled(file)) return [];
  return [{ code: await moduleCode(file), defines: new Set(own) }];
}
