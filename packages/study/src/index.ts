// Suites: data, models and settings.
export { allSuites, suites, type LoadedSuite, type SuiteLoader, type ResolvedSuite } from './suites/suites.ts';
export { defineSuite, type BudgetDeclaration, type SuiteDeclaration } from './suites/declaration.ts';
export type { SuiteData, SuiteDefaults, SuiteOptions, SuiteEntry, TrialData } from './suites/suite-entry.ts';
export { suiteOfDataset } from './suites/dataset-suite.ts';
export type { TrainingChoices, TrainingDefaults } from './training/choices.ts';
export { type SuiteChoices, createSuite, type SavedTeacher, type Setting, type Suite } from './suites/suite.ts';
export { BASELINE, models, type ModelParts, type RegisteredModel, type ModelSize } from './models/models.ts';
export type { TrialParts, ModelEntry, ModelReference, ModelVariant } from './models/model-variant.ts';
export { balancers, type BalancerEntry } from './balancers/balancers.ts';

// Trials: plans, searches, runs and stores.
export { candidate, openSetting, planTrials, type OpenSetting, type TrialEngine } from './trials/plan.ts';
export type {
  CodeOf,
  DataRequest,
  EpochMeasures,
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
  type TrialConfig,
  type Result,
  type TrialResult,
  type TrialScore,
} from './results/trial-result.ts';
export { readTrials, type FileLine } from './results/read-trials.ts';
export {
  openData,
  rowsOfSpec,
  type OpenedData,
  type OpenTeacher,
  sealedRows,
  type SealedTest,
  type TaughtData,
  type Teacher,
  type TestRows,
  type VisibleRows,
} from './trials/open-data.ts';
export { runTrial, inProcess, WorkerLost, type Executor } from './trials/executor.ts';
export type { Environment } from './trials/test-model.ts';
export type { CurrentTrials } from './results/current-trials.ts';
export {
  memoryStore,
  type TrialStore,
  comparison,
  runPolicy,
  type FailureLog,
  type Outcome,
  type Policy,
  type Round,
  type PolicyOptions,
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
export { searchModels, type SearchOutcome } from './trials/search-models.ts';
export { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './trials/train-and-test.ts';
export type { TestedModel } from './trials/test-model.ts';
export { runStudy, runStudyTrials, type Conclude, type StudyOptions } from './run-study.ts';
export { mergePlans, outcomeOf, type RunOutcome, type StudyPlan, type Shard } from './study-plan.ts';

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
export { mainColumns } from './summary/comparisons.ts';
export { summarize, type SummaryOptions } from './summary/summarize.ts';
export type { Column, Gain, ModelSummary, OverallGain, ScoreTable, Summary, Winner } from './summary/summary.ts';
export type { DataNote, Guard, Warning } from './guards/guards.ts';
export type { Block, Importance, ReportDocument } from './report/blocks.ts';
export { answerBlocks, comparisonDocument, digitsBlocks, type ReportInput } from './report/comparison-document.ts';
export { dataSetsDocument, type DataSetsOptions, type FolderOfTrials } from './report/data-sets-document.ts';
export { explanationDocument } from './report/explanation-document.ts';
export { tradeOffsDocument, type TradeOffsReport } from './report/trade-offs-document.ts';
export { togetherDocument, type TogetherReport } from './report/together-document.ts';
export { modelCard, trainingDocument, type CardOptions, type TrainingReport } from './report/training-document.ts';
export type { ComparedRows, Continued, SeenCount } from './report/continued.ts';
export { blocksMarkup, DOCUMENT_RULES, renderHtml, tableMarkup } from './report/html.ts';
export { type MarkdownOptions, renderMarkdown } from './report/markdown.ts';
export { renderText, type TextOptions } from './report/terminal.ts';
export { sortedTable, type Cell, type Table as ReportTable, type TableColumn } from './report/table.ts';
export { differencesCsv, resultsCsv } from './report/csv.ts';
export { columnDigits, differenceRows, type DifferenceRow, differenceTable, SIGNS } from './report/differences.ts';
export { verdict, type Words } from './report/verdict.ts';
export { leaderboard, type Standing } from './report/leaderboard.ts';
export { dot, type Drawing } from './report/pictures/chart.ts';
export { rowPlot } from './report/pictures/row-plot.ts';
export { h, type Content, type Markup } from './report/pictures/markup.ts';
export { chartScales, lineChart, type LineChart, type Series } from './report/pictures/line-chart.ts';
export { type Picture, drawPicture, svgFile, svgText } from './report/pictures/picture.ts';
export { type Range, roomyRange } from './report/pictures/scale.ts';
export { seriesClass } from './report/pictures/theme.ts';
export { fusionHeatMaps, type FusionOfModel } from './report/pictures/fusion-heat-maps.ts';
export { type TablePictures, tablePictures } from './report/pictures/pictures.ts';
export { counted, formatDifference } from './format.ts';

// Predictions: kept, measured again, averaged.
export type { PartPredictions, PredictionStore, TrialPredictions } from './results/trial-result.ts';
export { type EnsembleOf, scoreTrials, type ScoreTrialsOptions } from './predictions/score-trials.ts';

// Models that were trained elsewhere.
export type { ExternalModel, ExternalPredictions } from './external/external-model.ts';
export type { RowPart } from './external/external-trials.ts';
