import { findEntry } from '../named-entry.ts';
import { censusIncome, kuairandPublished, kuairandPure } from './data-suites.ts';
import type { SuiteDeclaration } from './declaration.ts';
import {
  ablationResidual,
  censusTwoTasks,
  censusTwoTasksTaught,
  censusTwoTasksValues,
  expertsPerTask,
  fusionLevels,
  heatMap,
  paperTable5,
} from './paper-suites.ts';
import { aliCcp, aliExpress, movielens } from './sampled-suites.ts';
import { funnelModels, syntheticFunnelSuite } from './funnel.ts';
import type { SuiteEntry } from './suite-entry.ts';
import { synthetic, syntheticCorrelation, whenSharingHelps } from './synthetic.ts';
import {
  balancingSuite,
  kuairandBalancing,
  kuairandModels,
  kuairandScenarios,
  relatedWork,
  sensitivity,
} from './wider-suites.ts';

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

/** The suite that `polytask bench` runs by default. */
export const defaultSuite: SuiteDeclaration = whenSharingHelps;

/** The suites that extend other suites. To add a suite, declare it and add it here. */
export const declaredSuites: readonly SuiteDeclaration[] = [
  defaultSuite,
  paperTable5,
  ablationResidual,
  expertsPerTask,
  fusionLevels,
  heatMap,
  syntheticCorrelation,
  sensitivity,
  relatedWork,
  balancingSuite,
  kuairandBalancing,
  kuairandModels,
  kuairandScenarios,
  censusTwoTasks,
  censusTwoTasksTaught,
  censusTwoTasksValues,
  funnelModels,
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

/**
 * Finds a suite of the tables by its name.
 *
 * @throws PolytaskError with the nearest known name
 * @example const { suite } = await suiteByName('synthetic');
 */
export const suiteByName: SuiteLoader = async (name) => ({ suite: findEntry(allSuites(), name, 'suite') });
