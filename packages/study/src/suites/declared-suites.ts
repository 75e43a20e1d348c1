import type { SuiteDeclaration } from './declaration.ts';
import {
  ablationResidual,
  expertsPerTask,
  fusionLevels,
  heatMap,
  paperTable5,
  syntheticCorrelation,
} from './paper-suites.ts';
import { whenSharingHelps } from './when-sharing-helps.ts';
import { balancingSuite, kuairandModels, relatedWork, sensitivity } from './wider-suites.ts';

/** The suite that `polytask bench` runs unasked. */
export const defaultSuite: SuiteDeclaration = whenSharingHelps;

/** The suites that are declared on top of others. A new one is a file and a row. */
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
  kuairandModels,
];
