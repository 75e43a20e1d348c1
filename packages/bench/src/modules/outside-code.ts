import { realpath } from 'node:fs/promises';
import { allComponents } from '@polytask/core';
import { usedIn } from '@polytask/core/internal';
import { contentKey, type CodeOf, type TrialSpecSettings } from '@polytask/study';
import { COUNT_ALWAYS, definedName, type ImportedModule, importedModules, importFile } from './imported-modules.ts';
import { isInstalled, moduleCode } from './module-identity.ts';

/**
 * Finds out which code from outside the trials of a run depend on. It knows all modules that were imported before: call it when plugins and
 * suite are loaded.
 *
 * A trial depends on the modules that define its components. All trials depend on modules that define metrics, losses
 * or kinds of task. They also depend on plugins whose import has defined nothing, because nobody knows what they do. Components that no
 * imported module has defined are those of the program itself: then its main module counts.
 *
 * @param plugins the URLs of the plugins
 */
export async function outsideCode(plugins: readonly string[]): Promise<CodeOf> {
  const modules = await importedModules();
  const unknown = await pluginsWithoutNames(plugins);
  const always = modules.filter((each) => unknown.includes(each) || [...each.defines].some(countsAlways));
  const attributed = new Set(modules.flatMap(({ defines }) => [...defines]));
  const own = [...outsideNames()].some((name) => !attributed.has(name)) ? await mainModule() : undefined;
  return (model) => {
    const used = namesIn(model);
    const named = modules.filter(({ defines }) => used.some((name) => defines.has(name)));
    const isOwn = used.some((name) => outsideNames().has(name) && !attributed.has(name));
    const hashes = [...always, ...named].map(({ code }) => code.sha256).concat(isOwn && own ? [own] : []);
    return hashes.length === 0 ? undefined : contentKey([...new Set(hashes)].sort());
  };
}

/** Metrics score every trial, and the data say of which kinds its tasks are, and which losses train them. */
const countsAlways = (name: string): boolean => COUNT_ALWAYS.some((kind) => name.startsWith(kind));

const namesIn = (model: TrialSpecSettings['model']): string[] =>
  usedIn(model).map(({ kind, name }) => definedName(kind, name));

/** All components that aren't those of Polytask's packages. */
const outsideNames = (): ReadonlySet<string> =>
  new Set(
    allComponents().flatMap(({ kind, name, package: from }) =>
      from?.startsWith('@polytask/') ? [] : [definedName(kind, name)],
    ),
  );

/** The plugins whose import has defined nothing, unless another module that was imported before has imported them. */
async function pluginsWithoutNames(plugins: readonly string[]): Promise<ImportedModule[]> {
  const modules = await importedModules();
  const named = modules.filter(({ defines }) => defines.size > 0);
  const own = await Promise.all(plugins.map(importFile));
  return own.filter(({ defines, code }) => defines.size === 0 && !named.some((each) => each.code.files.has(code.file)));
}

/** The hash of the program's main module and its imports. Undefined for a program of an installed package, such as a test runner. */
async function mainModule(): Promise<string | undefined> {
  const main = process.argv[1];
  const file = main === undefined ? undefined : await realpath(main).catch(() => undefined);
  return file === undefined || isInstalled(file) ? undefined : (await moduleCode(file)).sha256;
}
