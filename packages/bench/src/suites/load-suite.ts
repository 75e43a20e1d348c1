import { fail, findEntry, listOf, text } from '@polytask/components';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DatasetAccess, openDataset, parseWrittenJson } from '@polytask/data';
import {
  allSuites,
  checkDeclaration,
  isSuiteEntry,
  type LoadedSuite,
  type SuiteDeclaration,
  type SuiteEntry,
  type SuiteLoader,
  suiteOfDataset,
} from '@polytask/study';
import { importFile, loadPlugins } from '../modules/imported-modules.ts';

const FILE = /\.(json|[cm]?[jt]s)$/;

/**
 * Makes a loader of suites by name or file. The file is JSON, or a module in TypeScript or JavaScript that exports `suite`. A JSON file
 * without `extends` describes a data set (docs/data.md): each seed of its suite sets the random split, the initial weights, and the order
 * of the batches. The loader has these errors:
 *
 * - PolytaskError with the nearest known name, or with the file and its fault
 * - PolytaskError for a JSON file that extends a module, or has plugins: a document never runs code (docs/security.md)
 *
 * @param access what a file of a data set may read
 * @example const { suite } = await suiteLoader()('my-suite.json');
 */
export const suiteLoader =
  (access: DatasetAccess = {}): SuiteLoader =>
  async (nameOrFile, from) => {
    if (!FILE.test(nameOrFile) || allSuites().some(({ name }) => name === nameOrFile))
      return { suite: findEntry(allSuites(), nameOrFile, 'suite, or a file') };
    const file = path.resolve(from === undefined ? '.' : path.dirname(from), nameOrFile);
    if (isDocument(file)) return fromDocument(file, access);
    if (from !== undefined && isDocument(from)) refuseCode(`extends: "${nameOrFile}"`, from);
    return { suite: await fromModule(file), file };
  };

const isDocument = (file: string): boolean => file.endsWith('.json');

/** A declaration, or the suite of the data set that the file describes. */
async function fromDocument(file: string, access: DatasetAccess): Promise<LoadedSuite> {
  const what = `a data set file or a suite as JSON in ${file}`;
  const bytes = await readFile(file).catch(({ code }: NodeJS.ErrnoException) =>
    fail({ expected: what, received: `a file that can't be read (${code})`, fix: 'Look at the path.' }),
  );
  const value = parseWrittenJson(bytes, what);
  const describesData =
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && 'features' in value && !('extends' in value));
  if (describesData)
    return { suite: suiteOfDataset(await openDataset(file, access), `the data set that ${file} describes`), file };
  checkDeclaration(value, file);
  if (value.plugins) refuseCode('plugins', file);
  return { suite: value, file };
}

async function fromModule(file: string) {
  const { suite } = (await importFile(pathToFileURL(file).href)).exports as { suite?: unknown };
  if (suite === undefined) {
    fail({
      expected: `an export called suite in ${file}`,
      received: 'none',
      fix: 'Write export const suite = defineSuite({ … });',
    });
  }
  if (typeof suite === 'object' && suite !== null && isSuiteEntry(suite as SuiteEntry)) return suite as SuiteEntry;
  const { plugins = [] } = Object(suite) as Partial<SuiteDeclaration>;
  await loadPlugins(listOf(text).read(plugins, `plugins of ${file}`), path.dirname(file)); // they may define its search
  checkDeclaration(suite, file);
  return suite;
}

/** A document may come from anybody: it must not choose the code that runs. */
function refuseCode(what: string, file: string): never {
  return fail({
    expected: `no modules to import in ${file}`,
    received: what,
    fix: 'JSON never runs code. Name modules with --import, in polytask.config.ts, or in a suite in TypeScript or JavaScript.',
  });
}
