import type { SuiteDeclaration } from './declaration.ts';
import { declaredSuites } from './declared-suites.ts';
import { findRow } from '../named-row.ts';
import type { SuiteRow } from './suite-row.ts';
import { suites } from './suites.ts';

/** What a name or a file stands for. */
export interface LoadedSuite {
  readonly suite: SuiteRow | SuiteDeclaration;
  /** The file that it is from. */
  readonly file?: string;
}

/** Finds a suite. @param from the file that names it, if that is one */
export type SuiteLoader = (name: string, from?: string) => Promise<LoadedSuite>;

export const isSuiteRow = (suite: SuiteRow | SuiteDeclaration): suite is SuiteRow => 'open' in suite;

/** The suites that have a name, with their descriptions. */
export const allSuites = (): readonly (SuiteRow | SuiteDeclaration)[] => [...suites, ...declaredSuites];

/**
 * A suite of the tables.
 *
 * @throws PolytaskError with the nearest known name
 */
export const suiteByName: SuiteLoader = async (name) => ({ suite: findRow(allSuites(), name, 'suite') });
