import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '@polytask/core';
import { allSuites, checkDeclaration, findRow, type SuiteLoader, type SuiteRow } from '@polytask/study';
import { importFile, loadPlugins } from '../plugins.ts';
import { datasetSuite } from './dataset-suite.ts';

const FILE = /\.(json|[cm]?[jt]s)$/;

/**
 * Loads a suite by its name or file. The file is JSON, or a module in TypeScript or JavaScript that exports `suite`. A JSON file without
 * `extends` describes a data set (docs/data.md).
 *
 * @param from the file that names the suite; paths are relative to it. Default: the working directory
 * @throws PolytaskError with the nearest known name, or with the file and its fault
 */
export const loadSuite: SuiteLoader = async (nameOrFile, from) => {
  if (!FILE.test(nameOrFile) || allSuites().some(({ name }) => name === nameOrFile))
    return { suite: findRow(allSuites(), nameOrFile, 'suite, or a file') };
  const file = path.resolve(from === undefined ? '.' : path.dirname(from), nameOrFile);
  const suite = file.endsWith('.json') ? await fromJson(file) : await exported(file);
  if (typeof suite === 'object' && suite !== null && 'open' in suite) return { suite: suite as SuiteRow, file };
  checkDeclaration(suite, file);
  await loadPlugins(suite.plugins ?? [], path.dirname(file));
  return { suite, file };
};

/** A declaration, or the suite of the data set that the file describes. */
async function fromJson(file: string): Promise<unknown> {
  const value = await json(file);
  const describesData = typeof value === 'object' && value !== null && 'features' in value && !('extends' in value);
  return describesData ? datasetSuite(file) : value;
}

async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    return fail({
      expected: `a suite as JSON in ${file}`,
      received: `something else (${(error as Error).message})`,
      mend: 'See docs/bench.md for what a suite is.',
    });
  }
}

async function exported(file: string): Promise<unknown> {
  const { suite } = (await importFile(pathToFileURL(file).href)) as { suite?: unknown };
  if (suite !== undefined) return suite;
  return fail({
    expected: `an export called suite in ${file}`,
    received: 'none',
    mend: 'Write export const suite = defineSuite({ … });',
  });
}
