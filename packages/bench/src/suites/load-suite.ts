import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, suggestion } from '@polytask/core';
import { checkDeclaration, type SuiteDeclaration } from './declaration.ts';
import { declaredSuites } from './declared-suites.ts';
import { datasetSuite } from './dataset-suite.ts';
import type { SuiteRow } from './suite.ts';
import { suites } from './suites.ts';

/** What a name or a file stands for. */
export interface LoadedSuite {
  readonly suite: SuiteRow | SuiteDeclaration;
  /** The file that it is from. */
  readonly file?: string;
}

const FILE = /\.(json|[cm]?[jt]s)$/;

export const isSuiteRow = (suite: SuiteRow | SuiteDeclaration): suite is SuiteRow => 'open' in suite;

/** The names that `polytask bench` knows, with their descriptions. */
export const allSuites = (): readonly (SuiteRow | SuiteDeclaration)[] => [...suites, ...declaredSuites];

/**
 * A suite by its name, or by its file: JSON, or a module in TypeScript or JavaScript that exports it as `suite`. A JSON file
 * that extends nothing describes a data set (docs/data.md).
 *
 * @param from the directory that a file is sought from
 * @throws PolytaskError with the nearest known name, or naming the file and what is wrong with it
 */
export async function loadSuite(nameOrFile: string, from = process.cwd()): Promise<LoadedSuite> {
  const known = allSuites().find(({ name }) => name === nameOrFile);
  if (known) return { suite: known };
  if (!FILE.test(nameOrFile)) {
    const names = allSuites().map(({ name }) => name);
    const mend = suggestion(nameOrFile, names);
    return fail({
      expected: 'a known suite, or a file',
      received: `"${nameOrFile}"`,
      mend: mend.startsWith('Known') ? mend : `${mend} Known: ${names.join(', ')}.`,
    });
  }
  const file = path.resolve(from, nameOrFile);
  const suite = file.endsWith('.json') ? await fromJson(file) : await exported(file);
  if (typeof suite === 'object' && suite !== null && 'open' in suite) return { suite: suite as SuiteRow, file };
  checkDeclaration(suite, file);
  return { suite, file };
}

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
  const { suite } = await moduleOf(file);
  if (suite !== undefined) return suite;
  return fail({
    expected: `an export called suite in ${file}`,
    received: 'none',
    mend: 'Write export const suite = defineSuite({ … });',
  });
}

/** What a module exports; TypeScript is compiled on the fly. */
async function moduleOf(file: string): Promise<{ readonly suite?: unknown }> {
  if (/\.[cm]?js$/.test(file)) return (await import(pathToFileURL(file).href)) as { suite?: unknown };
  const { createJiti } = await import('jiti');
  return createJiti(import.meta.url, { tryNative: true }).import(file);
}
