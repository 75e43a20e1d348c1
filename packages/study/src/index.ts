// Suites: data, models and settings.
export { defaultSuite } from './suites/declared-suites.ts';
export { allSuites, isSuiteEntry, resolveSuite, suites } from './suites/suites.ts';
export type { LoadedSuite, ResolvedSuite, SuiteLoader } from './suites/suites.ts';
export {
  type BudgetDeclaration,
  checkDeclaration,
  defineSuite,
  type SuiteDeclaration,
  suiteOptions,
} from './suites/declaration.ts';
export type { SuiteData, SuiteDefaults, SuiteOptions, SuiteEntry, TrialData } from './suites/suite-entry.ts';
export { datasetDefaults, suiteOfDataset } from './suites/dataset-suite.ts';
export { type TrainingChoices, type TrainingDefaults, trainingIn, trainingOptions } from './training/choices.ts';
export { createSuite, suiteChoices } from './suites/suite.ts';
export type { SavedTeacher, Setting, Suite, SuiteChoices } from './suites/suite.ts';
export { BASELINE, models, weightsToTry } from './models/models.ts';
export type { Hyperparameters, ModelParts, ModelSize, RegisteredModel, Space, TaskWeights } from './models/models.ts';
export { modelLabel } from './models/model-variant.ts';
export type { ModelEntry, ModelReference, ModelVariant, TrialParts } from './models/model-variant.ts';
export { type BalancerEntry, balancerNamed, balancers } from './balancers/balancers.ts';

// Trials: plans, searches, runs and stores.
export { candidate, openSetting, type OpenSetting, planTrials, type TrialEngine } from './trials/plan.ts';
export type * from './trials/trial-spec.ts';
export {
  contentKey,
  lastOfEach,
  lineOf,
  placeOf,
  settingKey,
  trialKey,
  type TrialIdentity,
  isScore,
  parseResult,
  resultDocument,
  testedOf,
  trialDocument,
  type Failure,
  type FusionLevelWeights,
  type Result,
  type TrialConfig,
  type TrialResult,
  type TrialScore,
  type PartPredictions,
  type PredictionStore,
  type TrialPredictions,
} from './results/trial-result.ts';
export { foldsOf, isSplitBySeed, pairing, pairOf, resampling, type TrialRows, trialText } from './results/folds.ts';
export { readResults, readTrials } from './results/read-trials.ts';
export { openData, rowsOfSpec, sealedRows } from './trials/open-data.ts';
export { withRandomSplit } from './trials/random-split.ts';
export type {
  OpenedData,
  OpenTeacher,
  SealedRows,
  TaughtData,
  Teacher,
  TestRows,
  VisibleRows,
} from './trials/open-data.ts';
export { type Executor, inProcess, runTrial, WorkerLost } from './trials/executor.ts';
export type { Environment } from './trials/test-model.ts';
export { currentTrials, outdatedNotes } from './results/current-trials.ts';
export { comparison, memoryStore, runPolicy } from './trials/run-trials.ts';
export type { FailureLog, Outcome, Policy, PolicyOptions, Round, TrialStore } from './trials/run-trials.ts';
export type * from './trials/run-listener.ts';
export { type AutoCandidate, type Candidate, type SearchDeclaration } from './search/search.ts';
export { searchModels, type SearchOutcome } from './trials/search-models.ts';
export { trainAndTest, type TrainAndTestOptions, type TrainedTrial } from './trials/train-and-test.ts';
export type { TestedModel } from './trials/test-model.ts';
export { type Conclude, runStudy, runStudyTrials, type StudyOptions } from './run-study.ts';
export { mergePlans, outcomeOf, parseShard, planDocument, trialsOfStudy } from './study-plan.ts';
export type { RunOutcome, Shard, StudyPlan } from './study-plan.ts';

// Which tasks should share.
export { pairRelations, taskGroups, trainRelations } from './together/relations.ts';
export type { PairRelation, TrainedRelations, TrainRelationsOptions } from './together/relations.ts';

// What one task costs the others.
export { conditionedRuns, summarizeTradeOffs, weightedSuite } from './trade-offs/trade-offs.ts';
export type { Weighing, WeightedSuite, WeightedVariant } from './trade-offs/trade-offs.ts';
export { type MeasuredRun, type TradeOffPoint } from './summary/fronts.ts';

// One model: chosen in a limited time, trained, and reported.
export { averageOf } from './auto/average-models.ts';
export { autoKey, compareTested, runAuto } from './auto/run-auto.ts';
export type {
  AutoOptions,
  AutoOutcome,
  AutoSearchResult,
  ComparedModel,
  TaskDifference,
  TestedComparison,
} from './auto/run-auto.ts';
export type { AutoScore } from './auto/auto-search.ts';
export { calibrationError, calibrationPoints, measureCalibrated } from './training/measured-calibration.ts';
export type {
  Calibration,
  CalibrationBin,
  CalibrationPoint,
  Decided,
  MeasuredCalibration,
  MeasuredInterval,
} from './training/measured-calibration.ts';
export { explainModel, type ExplainOptions, type Explanation } from './explain/explain-model.ts';
export type { ModelRows } from '@polytask/training/internal';
export { evaluatePredictions, evaluateSegments, metricsToEvaluate } from './evaluation/evaluate-predictions.ts';
export type {
  ConfusionMatrix,
  EvaluatedScore,
  EvaluatePredictionsOptions,
  LiftRow,
  Residuals,
  SegmentScore,
  TaskEvaluation,
  ThresholdRow,
  WorstRow,
} from './evaluation/evaluate-predictions.ts';
export { evaluationDocument, type EvaluationReport } from './report/evaluation-document.ts';
export type { FeatureEffects, SegmentFusion, ValueEffect } from './explain/explain-model.ts';
export { permutationImportance } from './explain/permutation-importance.ts';
export type { FeatureImportance, ImportanceOptions, TaskImportance } from './explain/permutation-importance.ts';

// Summaries, reports and pictures.
export { metricEntries, metricEntry, metricFormat, metricNames, selectionMeasure } from './summary/metric-entries.ts';
export type { MetricEntry } from './summary/metric-entries.ts';
export { mainColumns } from './summary/comparisons.ts';
export { summarize, summarizeTables, type SummaryOptions } from './summary/summarize.ts';
export type { Column, ModelSummary, OverallGain, ScoreTable, Summary, Winner } from './summary/summary.ts';
export {
  type Block,
  type Importance,
  picturesOf,
  type ReportDocument,
  type Cell,
  sortedTable,
  type Table as ReportTable,
  type TableColumn,
  tableOf,
  textTable,
} from './report/blocks.ts';
export { answerBlocks, comparisonDocument, digitsBlocks, type ReportInput } from './report/comparison-document.ts';
export { dataSetsDocument } from './report/data-sets-document.ts';
export {
  compareDataSets,
  type DataSetsComparison,
  type DataSetsOptions,
  type FolderOfTrials,
} from './summary/data-sets.ts';
export { explanationDocument } from './report/explanation-document.ts';
export { tradeOffsDocument, type TradeOffsReport } from './report/trade-offs-document.ts';
export { TOGETHER_MODELS, togetherDocument, type TogetherReport } from './report/together-document.ts';
export { deployment, type RetrainedComparisons } from './auto/deployment.ts';
export {
  type ComparedRows,
  type Continued,
  leftOutSentences,
  searchSentences,
  type SeenCount,
  trainingAnswer,
  trainingFindings,
  type TrainingReport,
} from './report/training-answer.ts';
export { beforeAndAfter, type CardOptions, modelCard, trainingDocument } from './report/training-document.ts';
export { shownAs } from './report/notebook.ts';
export { blocksMarkup, DOCUMENT_RULES, renderHtml, tableMarkup } from './report/html.ts';
export { type MarkdownOptions, renderMarkdown } from './report/markdown.ts';
export { brokenName, linelessTable, renderText, type TextOptions, wrapped } from './report/terminal.ts';
export { differencesCsv, predictionsCsv, resultsCsv } from './report/csv.ts';
export { columnDigits, type DifferenceRow, differenceRows } from './summary/difference-rows.ts';
export { type Standing, standingsOf } from './summary/standings.ts';
export { differenceTable, SIGNS } from './report/differences.ts';
export { comparisonSentences } from './report/comparison-sentences.ts';
export { leaderboard } from './report/leaderboard.ts';
export {
  dot,
  drawPicture,
  inGrid,
  legend,
  stacked,
  svgFile,
  svgText,
  type Drawing,
  type Picture,
  type Range,
  roomyRange,
} from './report/pictures/chart.ts';
export { seriesClass, type Content, h, type Markup } from './report/pictures/markup.ts';
export { rowPlot } from './report/pictures/row-plot.ts';
export { contributionPicture, rowExplanations, type ExplainedRows } from './report/row-explanations.ts';
export { chartScales, lineChart, type LineChart, type Series } from './report/pictures/line-chart.ts';
export { fusionHeatMaps, type FusionOfModel } from './report/pictures/heat-map.ts';
export { type TablePictures, tablePictures } from './report/pictures/pictures.ts';
export {
  counted,
  formatCount,
  formatDifference,
  formatInterval,
  formatSeconds,
  formatShare,
  formatSpan,
} from './format.ts';

// Predictions: kept, measured again, averaged.
export { scoreTrials, scoreTrialsOptions, type ScoreTrialsOptions } from './predictions/score-trials.ts';

// Models that were trained elsewhere.
export { testTeacher, type ExternalModel } from './external/external-trials.ts';
export { rowIds, type ExternalPredictions, type RowPart } from './predictions/external-predictions.ts';
