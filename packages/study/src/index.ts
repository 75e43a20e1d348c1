// Suites: data, models and settings.
export { allSuites, declaredSuites, defaultSuite, isSuiteRow, suiteByName, suites } from './suites/suites.ts';
export type { LoadedSuite, SuiteLoader } from './suites/suites.ts';
export { checkDeclaration, defineSuite, type BudgetDeclaration, type SuiteDeclaration } from './suites/declaration.ts';
export type { SuiteData, SuiteDefaults, SuiteOptions, SuiteRow, TrialData } from './suites/suite-row.ts';
export { datasetDefaults, suiteOfDataset } from './suites/dataset-suite.ts';
export { resolveSuite, type ResolvedSuite } from './suites/resolve-suite.ts';
export {
  trainingChoices,
  trainingIn,
  trainingOptions,
  type TrainingChoices,
  type TrainingDefaults,
} from './training/choices.ts';
export { suiteChoices, type SuiteChoices } from './suites/suite-choices.ts';
export { suiteOf, type SavedTeacher, type Setting, type Suite } from './suites/suite.ts';
export { BASELINE, models } from './models/models.ts';
export type { ModelParts, ModelRow, ModelSize } from './models/model-row.ts';
export { modelLabel, partsOfLabel, type TrialParts } from './models/parts.ts';
export { partsOf, type ModelEntry, type ModelReference, type ModelVariant } from './models/model-variant.ts';
export { balancerNamed, balancers, type BalancerRow } from './balancers/balancers.ts';
export { findRow, type NamedRow } from './named-row.ts';
export { readText, specText, splitList } from './spec-text.ts';

// Trials: plans, searches, runs and stores.
export { candidate, openSetting, plan, type OpenSetting, type TrialEngine } from './trials/plan.ts';
export type {
  CodeOf,
  DataRequest,
  EpochMeasures,
  SpecConfig,
  TrainingHooks,
  TrainingMode,
  TrialHooks,
  TrialSpec,
} from './trials/trial-spec.ts';
export {
  contentKey,
  lastOfEach,
  lineOf,
  placeOf,
  settingKey,
  trialKey,
  workKey,
  type TrialIdentity,
} from './results/trial-key.ts';
export { foldsOf, isSplitBySeed, pairing, pairOf, resampling, trialText, type TrialRows } from './results/folds.ts';
export {
  isScore,
  parseResult,
  resultSchema,
  testedOf,
  trialSchema,
  type Failure,
  type FusionLevel,
  type TrialConfig,
  type Result,
  type TrialResult,
  type TrialScore,
} from './results/trial-result.ts';
export { linesOf, readResults, readTrials, type FileLine } from './results/read-trials.ts';
export { openData, rowsOfSpec, type OpenedData, type OpenTeacher } from './trials/open-data.ts';
export { runTrial } from './trials/run-trial.ts';
export type { Environment } from './trials/test-model.ts';
export {
  sealedRows,
  visibleRows,
  type SealedTest,
  type TaughtData,
  type Teacher,
  type TestRows,
  type VisibleRows,
} from './trials/sealed-rows.ts';
export {
  currentTrials,
  type CurrentTrials,
  isHashed,
  outdatedNotes,
  withoutContent,
} from './results/current-trials.ts';
export { memoryStore, type TrialStore } from './trials/trial-store.ts';
export {
  comparison,
  runPolicy,
  type FailureLog,
  type Outcome,
  type Policy,
  type Round,
  type RunTrialsOptions,
} from './trials/run-trials.ts';
export type {
  Choice,
  FinishedRound,
  RunListener,
  RunStart,
  TrialPlace,
  TriedCandidate,
} from './trials/run-listener.ts';
export { candidatesOf, type AutoCandidate, type Candidate, type SearchDeclaration } from './search/search.ts';
export { weightsToTry, type Dimension, type Hyperparameters, type Space, type TaskWeights } from './models/space.ts';
export { inProcess, WorkerLost, type Executor } from './trials/executor.ts';
export { searchModels, type SearchOutcome } from './trials/search-models.ts';
export { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './trials/train-and-test.ts';
export type { TestedModel } from './trials/test-model.ts';
export { runStudy, runStudyTrials, type Conclude, type StudyOptions, type StudyTrialsOptions } from './run-study.ts';
export {
  mergePlans,
  outcomeOf,
  type RunOutcome,
  type StudyPlan,
  studyPlanSchema,
  trialsOfStudy,
} from './study-plan.ts';
export { parseShard, type Shard } from './shard.ts';

// Which tasks should share.
export {
  taskGroups,
  type PairRelation,
  pairRelations,
  type TrainedRelations,
  trainRelations,
  type TrainRelationsOptions,
} from './together/relations.ts';

// What one task costs the others.
export {
  conditionedRuns,
  tradeOffsOf,
  weightedSuite,
  type WeightedSuite,
  type WeightedVariant,
  type Weighing,
} from './trade-offs/trade-offs.ts';
export { type MeasuredRun, type TradeOffPoint } from './summary/fronts.ts';

// One model: chosen in a limited time, trained, and reported.
export { autoKey, runAuto, type AutoOptions, type AutoOutcome, type AutoSearchResult } from './auto/run-auto.ts';
export type { AutoScore } from './auto/auto-search.ts';
export { compareTested, type TaskDifference, type TestedComparison } from './auto/compare-tested.ts';
export {
  calibrationOf,
  calibrationPoints,
  type Calibration,
  type CalibrationBin,
  type CalibrationPoint,
} from './training/calibration.ts';
export { calibrationError, measureCalibrated, type MeasuredCalibration } from './training/measured-calibration.ts';
export { explainModel, type Explanation, type ExplainOptions, type SegmentFusion } from './explain/explain-model.ts';
export {
  permutationImportance,
  type FeatureImportance,
  type ImportanceOptions,
  type TaskImportance,
} from './explain/permutation-importance.ts';

// Summaries, reports and pictures.
export {
  metricFormat,
  metricNames,
  metricRow,
  metricRows,
  selectionMeasure,
  type MetricRow,
} from './summary/metric-rows.ts';
export { mainColumns } from './summary/overall-gain.ts';
export { summarize, summarizeTables, type SummaryOptions } from './summary/summarize.ts';
export type { Column, Gain, ModelSummary, OverallGain, ScoreTable, Summary, Winner } from './summary/summary.ts';
export { noteText, type DataNote, type Guard, type Warning } from './guards/guards.ts';
export * from './report/index.ts';
export {
  counted,
  formatCount,
  formatDifference,
  formatInterval,
  formatP,
  formatSeconds,
  formatSpan,
} from './format.ts';

// Predictions: kept, measured again, averaged.
export type { PartPredictions, PredictionStore, TrialPredictions } from './results/trial-result.ts';
export { ENSEMBLE, meanPredictions, selectEnsemble } from './predictions/ensemble.ts';
export { type EnsembleOf, scoreTrials, type ScoreTrialsOptions } from './predictions/score-trials.ts';

// Models that were trained elsewhere.
export { predictionColumns, type ExternalModel, type ExternalPredictions } from './external/external-model.ts';
export { rowIds, type RowPart } from './external/external-trials.ts';
