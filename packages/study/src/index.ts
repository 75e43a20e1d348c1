// Suites: data, models and settings.
export { allSuites, suites } from './suites/suites.ts';
export type { LoadedSuite, SuiteLoader } from './suites/suites.ts';
export { defineSuite, type BudgetDeclaration, type SuiteDeclaration } from './suites/declaration.ts';
export type { SuiteData, SuiteDefaults, SuiteOptions, SuiteEntry, TrialData } from './suites/suite-entry.ts';
export { suiteOfDataset } from './suites/dataset-suite.ts';
export type { ResolvedSuite } from './suites/resolve-suite.ts';
export type { TrainingChoices, TrainingDefaults } from './training/choices.ts';
export type { SuiteChoices } from './suites/suite-choices.ts';
export { createSuite, type SavedTeacher, type Setting, type Suite } from './suites/suite.ts';
export { BASELINE, models } from './models/models.ts';
export type { ModelParts, RegisteredModel, ModelSize } from './models/registered-model.ts';
export type { TrialParts } from './models/parts.ts';
export type { ModelEntry, ModelReference, ModelVariant } from './models/model-variant.ts';
export { balancers, type BalancerEntry } from './balancers/balancers.ts';
export { findEntry, type NamedEntry } from './named-entry.ts';

// Trials: plans, searches, runs and stores.
export { candidate, openSetting, planTrials, type OpenSetting, type TrialEngine } from './trials/plan.ts';
export type {
  CodeOf,
  DataRequest,
  EpochMeasures,
  TrialSpecSettings,
  TrainingHooks,
  TrainingMode,
  TrialHooks,
  TrialSpec,
} from './trials/trial-spec.ts';
export { contentKey, placeOf, settingKey, trialKey, type TrialIdentity } from './results/trial-key.ts';
export { pairing, pairOf, resampling, type TrialRows } from './results/folds.ts';
export {
  isScore,
  testedOf,
  type Failure,
  type FusionLevelWeights,
  type TrialSettings,
  type Result,
  type TrialResult,
  type TrialScore,
} from './results/trial-result.ts';
export { readTrials, type FileLine } from './results/read-trials.ts';
export { openData, rowsOfSpec, type OpenedData, type OpenTeacher } from './trials/open-data.ts';
export { runTrial } from './trials/run-trial.ts';
export type { Environment } from './trials/test-model.ts';
export {
  sealedRows,
  type SealedTest,
  type TaughtData,
  type Teacher,
  type TestRows,
  type VisibleRows,
} from './trials/sealed-rows.ts';
export type { CurrentTrials } from './results/current-trials.ts';
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
  TrialPosition,
  TriedCandidate,
} from './trials/run-listener.ts';
export type { AutoCandidate, Candidate, SearchDeclaration } from './search/search.ts';
export type { Dimension, Hyperparameters, Space, TaskWeights } from './models/space.ts';
export { inProcess, WorkerLost, type Executor } from './trials/executor.ts';
export { searchModels, type SearchOutcome } from './trials/search-models.ts';
export { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './trials/train-and-test.ts';
export type { TestedModel } from './trials/test-model.ts';
export { runStudy, runStudyTrials, type Conclude, type StudyOptions, type StudyTrialsOptions } from './run-study.ts';
export { mergePlans, outcomeOf, type RunOutcome, type StudyPlan } from './study-plan.ts';
export type { Shard } from './shard.ts';

// Which tasks should share.
export type { PairRelation, TrainedRelations, TrainRelationsOptions } from './together/relations.ts';

// What one task costs the others.
export {
  summarizeTradeOffs,
  weightedSuite,
  type WeightedSuite,
  type WeightedVariant,
  type Weighing,
} from './trade-offs/trade-offs.ts';
export { type MeasuredRun, type TradeOffPoint } from './summary/fronts.ts';

// One model: chosen in a limited time, trained, and reported.
export { runAuto, type AutoOptions, type AutoOutcome, type AutoSearchResult } from './auto/run-auto.ts';
export type { AutoScore } from './auto/auto-search.ts';
export type { TaskDifference, TestedComparison } from './auto/compare-tested.ts';
export type { Calibration, CalibrationBin, CalibrationPoint } from './training/calibration.ts';
export type { MeasuredCalibration } from './training/measured-calibration.ts';
export type { FeatureEffects, ValueEffect } from './explain/value-effects.ts';
export { explainModel, type Explanation, type ExplainOptions, type SegmentFusion } from './explain/explain-model.ts';
export {
  permutationImportance,
  type FeatureImportance,
  type ImportanceOptions,
  type TaskImportance,
} from './explain/permutation-importance.ts';

// Summaries, reports and pictures.
export { metricFormat, selectionMeasure, type MetricEntry } from './summary/metric-entries.ts';
export { mainColumns } from './summary/overall-gain.ts';
export { summarize, type SummaryOptions } from './summary/summarize.ts';
export type { Column, Gain, ModelSummary, OverallGain, ScoreTable, Summary, Winner } from './summary/summary.ts';
export type { DataNote, Guard, Warning } from './guards/guards.ts';
export {
  type Block,
  type Importance,
  type ReportDocument,
  answerBlocks,
  comparisonDocument,
  digitsBlocks,
  type ReportInput,
  dataSetsDocument,
  type DataSetsOptions,
  type FolderOfTrials,
  explanationDocument,
  tradeOffsDocument,
  type TradeOffsReport,
  togetherDocument,
  type TogetherReport,
  modelCard,
  trainingDocument,
  type CardOptions,
  type TrainingReport,
  type ComparedRows,
  type Continued,
  type SeenCount,
  blocksMarkup,
  DOCUMENT_RULES,
  renderHtml,
  tableMarkup,
  type MarkdownOptions,
  renderMarkdown,
  renderText,
  type TextOptions,
  sortedTable,
  type Cell,
  type ReportTable,
  type TableColumn,
  differencesCsv,
  resultsCsv,
  columnDigits,
  differenceRows,
  type DifferenceRow,
  differenceTable,
  SIGNS,
  verdict,
  type Words,
  leaderboard,
  type Standing,
  dot,
  type Drawing,
  rowPlot,
  h,
  type Content,
  type Markup,
  chartScales,
  lineChart,
  type LineChart,
  type Series,
  type Picture,
  drawPicture,
  svgFile,
  svgText,
  type Range,
  roomyRange,
  seriesClass,
  fusionHeatMaps,
  type FusionOfModel,
  type TablePictures,
  tablePictures,
} from './report/index.ts';
export { counted, formatDifference } from './format.ts';

// Predictions: kept, measured again, averaged.
export type { PartPredictions, PredictionStore, TrialPredictions } from './results/trial-result.ts';
export { type EnsembleOf, scoreTrials, type ScoreTrialsOptions } from './predictions/score-trials.ts';

// Models that were trained elsewhere.
export type { ExternalModel, ExternalPredictions } from './external/external-model.ts';
export type { RowPart } from './external/external-trials.ts';
