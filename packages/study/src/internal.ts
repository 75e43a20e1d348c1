// For Polytask's own packages. Any release may change or remove these exports.
export { defaultSuite, isSuiteEntry } from './suites/suites.ts';
export { checkDeclaration } from './suites/declaration.ts';
export { datasetDefaults } from './suites/dataset-suite.ts';
export { resolveSuite } from './suites/resolve-suite.ts';
export { trainingChoices, trainingIn, trainingOptions } from './training/choices.ts';
export { suiteChoices } from './suites/suite-choices.ts';
export { modelLabel } from './models/parts.ts';
export { balancerNamed } from './balancers/balancers.ts';
export { choose, readText, specText, splitList } from './spec-text.ts';
export { lastOfEach, lineOf } from './results/trial-key.ts';
export { foldsOf, isSplitBySeed, trialText } from './results/folds.ts';
export { parseResult, resultDocument, trialDocument } from './results/trial-result.ts';
export { readResults } from './results/read-trials.ts';
export { currentTrials, outdatedNotes } from './results/current-trials.ts';
export { candidatesOf } from './search/search.ts';
export { weightsToTry } from './models/space.ts';
export { planDocument, trialsOfStudy } from './study-plan.ts';
export { parseShard } from './shard.ts';
export { taskGroups, pairRelations, trainRelations } from './together/relations.ts';
export { conditionedRuns } from './trade-offs/trade-offs.ts';
export { autoKey } from './auto/run-auto.ts';
export { calibrationOf, calibrationPoints } from './training/calibration.ts';
export { calibrationError, measureCalibrated } from './training/measured-calibration.ts';
export { metricNames, metricEntry, metricEntries } from './summary/metric-entries.ts';
export { summarizeTables } from './summary/summarize.ts';
export { noteText } from './guards/guards.ts';
export {
  picturesOf,
  TOGETHER_MODELS,
  searchSentences,
  trainingAnswer,
  beforeAndAfter,
  leftOutSentences,
  textTable,
  standingsOf,
  brokenName,
  linelessTable,
  wrapped,
  inGrid,
  legend,
  stacked,
} from './report/index.ts';
export { formatCount, formatInterval, formatSeconds, formatSpan } from './format.ts';
export { predictionColumns } from './external/external-model.ts';
export { rowIds } from './external/external-trials.ts';
