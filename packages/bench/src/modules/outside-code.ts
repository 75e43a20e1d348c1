import { realpath } from 'node:fs/promises';
import { allComponents } from '@polytask/core';
import { usedIn } from '@polytask/core/internal';
import { contentKey, type CodeOf } from '@polytask/study';
import { definedName, type ImportedModule, importedModules, importFile } from './imported-modules.ts';
import { isInstalled, moduleCode } from './module-identity.ts';

type CountedModule = Pick<ImportedModule, 'code' | 'defines'>;

/**
 * The kinds of component whose code counts only for the trials whose model names them. Any other component may have a part in every
 * trial: a metric scores it, a data set names its losses, and a training its optimizer. Trackers and readers are here although no model
 * names them: the first only listen, and a trial has a hash of the rows that it was trained on.
 */
const COUNT_WHERE_NAMED = /^(expert|gate|network|input|penalty|balancer|tracker|reader):/;

/**
 * Finds out which code from outside the trials of a run depend on. It knows all modules that were imported before: call it when plugins and
 * suite are loaded.
 *
 * A module counts for all trials unless it is surely unused: it defines only experts, balancers and their like, and the model of the trial
 * names none of them. A model that teaches may have any of them. Plugins whose import has defined nothing count for all trials. The main
 * module of the program stands for the components that no imported module has defined.
 *
 * @param plugins the URLs of the plugins
 */
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
