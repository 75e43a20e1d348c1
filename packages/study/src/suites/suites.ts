import { fail, findEntry, readOptions } from '@polytask/components';
import { censusIncome, kuairandPublished, kuairandPure } from './data-suites.ts';
import { type SuiteDeclaration, checkDeclaration } from './declaration.ts';
import { declaredSuites } from './declared-suites.ts';
import { aliCcp, aliExpress, movielens } from './sampled-suites.ts';
import { syntheticFunnelSuite, synthetic } from './generated-suites.ts';
import type { SuiteEntry } from './suite-entry.ts';
import { dataSettings } from './data-settings.ts';

/** The suites that open data. The others are declared on top of them: {@link declaredSuites}. */
export const suites: readonly SuiteEntry[] = [
  synthetic,
  censusIncome,
  kuairandPure,
  kuairandPublished,
  aliExpress,
  aliCcp,
  movielens,
  syntheticFunnelSuite,
];

/** A suite, as a {@link SuiteLoader} finds it. */
export interface LoadedSuite {
  readonly suite: SuiteEntry | SuiteDeclaration;
  /** The file that defines the suite; undefined for a suite of the tables. */
  readonly file?: string;
}

/** Finds a suite by its name or file. @param from the file that names the suite, for relative paths */
export type SuiteLoader = (name: string, from?: string) => Promise<LoadedSuite>;

/** Whether a suite opens data itself, rather than extends another suite. */
export const isSuiteEntry = (suite: SuiteEntry | SuiteDeclaration): suite is SuiteEntry => 'open' in suite;

/**
 * All suites that have a name.
 *
 * @example allSuites().map(({ name }) => name); // ['synthetic', 'census-income', …]
 */
export const allSuites = (): readonly (SuiteEntry | SuiteDeclaration)[] => [...suites, ...declaredSuites];

/** Finds a suite of the tables by its name. */
export const suiteByName: SuiteLoader = async (name) => ({ suite: findEntry(allSuites(), name, 'suite') });

/** A suite with the settings of the suites that it extends. */
export interface ResolvedSuite {
  readonly name: string;
  readonly description: string;
  readonly entry: SuiteEntry;
  /** The files that a process imports before it opens the data and builds the models. */
  readonly files: readonly string[];
  readonly declared: Omit<SuiteDeclaration, 'name' | 'extends' | 'description' | 'paper'>;
}

/**
 * Resolves a suite: merges its declaration with the suites that it extends, down to a suite with data. `data`, `size` and `training` are
 * merged. Other properties replace those of the base.
 *
 * @param load finds a suite by its name or file. Default: by its name
 * @throws PolytaskError on an unknown name, file or option, or when suites extend each other
 * @example const { entry, declared } = await resolveSuite('paper-table-5');
 */
export async function resolveSuite(
  suite: string | SuiteEntry | SuiteDeclaration | LoadedSuite,
  load: SuiteLoader = suiteByName,
): Promise<ResolvedSuite> {
  const first = typeof suite === 'string' ? await load(suite) : suite;
  const chain: LoadedSuite[] = ['suite' in first ? first : { suite: first }];
  for (let top = chain[0]!; !isSuiteEntry(top.suite); top = chain.at(-1)!) {
    checkDeclaration(top.suite, top.suite.name);
    const next = await load(top.suite.extends, top.file);
    if (chain.some((each) => each.suite === next.suite || (next.file !== undefined && each.file === next.file))) {
      fail({
        expected: 'a suite that extends another one, down to a data set',
        received: `${top.suite.name}, which extends itself`,
        fix: 'Let one of them extend synthetic or census-income.',
      });
    }
    chain.push(next);
  }
  const entry = chain.at(-1)!.suite as SuiteEntry;
  const declarations = chain
    .slice(0, -1)
    .map((each) => each.suite as SuiteDeclaration)
    .reverse();
  const declared = declarations.reduce<ResolvedSuite['declared']>(over, {});
  const { data, variants = {}, budgets = {} } = declared;
  for (const settings of [data, ...Object.values(variants), ...Object.values(budgets).map((budget) => budget.data)]) {
    readOptions(settings ?? {}, { ...dataSettings, ...entry.data }, `the data of ${entry.name}`);
  }
  return {
    name: chain[0]!.suite.name,
    description: chain.map((each) => each.suite.description).find(Boolean) ?? '',
    entry,
    files: chain.flatMap(({ file, suite: each }) =>
      file === undefined || (file.endsWith('.json') && !isSuiteEntry(each)) ? [] : [file],
    ),
    declared,
  };
}

function over(
  base: ResolvedSuite['declared'],
  { name: _, extends: __, description: ___, paper: ____, ...own }: SuiteDeclaration,
): ResolvedSuite['declared'] {
  return {
    ...base,
    ...own,
    data: { ...base.data, ...own.data },
    size: { ...base.size, ...own.size },
    training: { ...base.training, ...own.training },
  };
}
