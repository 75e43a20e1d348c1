import { checkOptions, fail } from '@polytask/core';
import { checkDeclaration, type SuiteDeclaration } from './declaration.ts';
import type { SuiteRow } from './suite-row.ts';
import { isSuiteRow, type LoadedSuite, suiteByName, type SuiteLoader } from './suites.ts';

/** A suite with all that it has from those it extends. */
export interface ResolvedSuite {
  readonly name: string;
  readonly description: string;
  /** Opens the data. */
  readonly row: SuiteRow;
  /** Files that a process must have loaded before it can open the data and build the models. */
  readonly files: readonly string[];
  readonly declared: Omit<SuiteDeclaration, 'name' | 'extends' | 'description' | 'paper'>;
}

/**
 * A suite on the ground that it stands on: its declaration over that of the suite it extends, down to a row with data.
 * `data`, `size` and `training` are added to those below; all else replaces what is there.
 *
 * @param load finds a suite by its name; where there are files, by its file as well
 * @throws PolytaskError on a file or name that isn't there, an option that isn't known, or suites that extend each other
 */
export async function resolveSuite(
  suite: string | SuiteRow | SuiteDeclaration,
  load: SuiteLoader = suiteByName,
): Promise<ResolvedSuite> {
  const chain: LoadedSuite[] = [typeof suite === 'string' ? await load(suite) : { suite }];
  for (let top = chain[0]!; !isSuiteRow(top.suite); top = chain.at(-1)!) {
    checkDeclaration(top.suite, top.suite.name);
    const next = await load(top.suite.extends, top.file);
    if (chain.some((each) => each.suite === next.suite || (next.file !== undefined && each.file === next.file))) {
      fail({
        expected: 'a suite that extends another one, down to a data set',
        received: `${top.suite.name}, which extends itself`,
        mend: 'Let one of them extend synthetic or census-income.',
      });
    }
    chain.push(next);
  }
  const row = chain.at(-1)!.suite as SuiteRow;
  const declarations = chain
    .slice(0, -1)
    .map((each) => each.suite as SuiteDeclaration)
    .reverse();
  const declared = declarations.reduce<ResolvedSuite['declared']>(over, {});
  for (const settings of [declared.data ?? {}, ...Object.values(declared.variants ?? {})]) {
    checkOptions(settings, row.data ?? {}, `the data of ${row.name}`);
  }
  return {
    name: chain[0]!.suite.name,
    description: chain.map((each) => each.suite.description).find(Boolean) ?? '',
    row,
    files: chain.flatMap(({ file, suite: each }) =>
      file === undefined || (file.endsWith('.json') && !isSuiteRow(each)) ? [] : [file],
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

/** The only one of its kind, where a suite doesn't name several. */
export const ONLY = '';

/** The entries of a dimension, or one without a name. */
export const dimension = <V>(entries: Readonly<Record<string, V>> | undefined, only: V): [name: string, value: V][] =>
  entries === undefined ? [[ONLY, only]] : Object.entries(entries);
