import { parseWrittenJson } from '@polytask/components';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readOptions, checks, fail } from '@polytask/core';
import { importFile, moduleLoader } from './modules/imported-modules.ts';

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

/**
 * Imports the plugins that a configuration names.
 *
 * @param file the path of `polytask.config.ts`, `.mts`, `.js`, `.mjs` or `.json`
 * @returns the URLs of the plugins, for other processes
 * @throws PolytaskError on an invalid configuration, or a plugin that can't be imported
 * @example await loadConfiguredPlugins('polytask.config.ts');
 */
export async function loadConfiguredPlugins(file: string): Promise<string[]> {
  const config = file.endsWith('.json')
    ? parseWrittenJson(await readFile(file), `JSON in ${file}`)
    : ((await importModule(pathToFileURL(file).href, file)) as { default?: unknown }).default;
  const { listOf, optional, text } = checks;
  readOptions(config as PolytaskConfig, { plugins: optional(listOf(text)) }, path.basename(file));
  return loadPlugins((config as PolytaskConfig).plugins ?? [], path.dirname(file));
}

/**
 * Imports plugins: packages or files that define experts, gates, architectures, balancers or metrics.
 *
 * @param names package names, paths relative to `directory`, or file URLs
 * @returns their URLs, for other processes
 * @throws PolytaskError when a plugin is not found, or throws
 * @example await loadPlugins(['my-experts', './kan.ts']);
 */
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
