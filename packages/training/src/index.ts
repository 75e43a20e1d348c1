export { fit, type FitResult } from './fit/fit.ts';
export type { RowSource } from './rows/rows.ts';
export {
  carriedGroups,
  softLabels,
  takesSoftLabels,
  type GivenPredictions,
  type SoftLabelOptions,
} from './evaluation/soft-labels.ts';
export { atPreference, drawPreferences, type PreferenceOptions } from './rows/preferences.ts';
export {
  fitOptions,
  type CallbackAnswer,
  type CheckpointOptions,
  type FitCallbacks,
  type FitOptions,
} from './fit/options.ts';
export type { EpochReport, LossReport, StepReport } from './progress/reports.ts';
export type { ProgressChoice } from './platform/bar.ts';
export {
  type MeasuredAs,
  normalizedMetric,
  type DefaultMetrics,
  type MetricChoice,
  type MetricReference,
  type Scores,
  type TaskScores,
} from './evaluation/metric-table.ts';
export {
  evaluate,
  type EvaluateOptions,
  scorePredictions,
  type PredictionScores,
  type ScorePredictionsOptions,
  evaluateGates,
  type EvaluateGatesOptions,
  type GateUse,
} from './evaluation/evaluate.ts';
export {
  calibrate,
  calibratedPredictions,
  fitCalibrated,
  type CalibrateOptions,
  type FittedCalibration,
} from './calibration/calibrate.ts';
export {
  planCalibration,
  type ByTask,
  type CalibrationChoices,
  type CalibrationPlan,
} from './calibration/plan-calibration.ts';
export {
  chooseThreshold,
  cost,
  defineThreshold,
  bestF1,
  rate,
  type ThresholdCounts,
  type ThresholdSpec,
} from './calibration/thresholds.ts';
export { evaluateBy, readColumn, scoresBy, type MeasuredTask, type ScoresOfValue } from './evaluation/evaluate-by.ts';
export {
  evaluateGradients,
  type EvaluateGradientsOptions,
  type GradientRelations,
} from './evaluation/evaluate-gradients.ts';
export { diagnose, type DiagnosedRows, type DiagnoseOptions } from './diagnosis/diagnose.ts';
export type { JudgedTask } from './diagnosis/judge.ts';
export { findLearningRate, type FindLearningRateOptions, type RateTest } from './rates/find-learning-rate.ts';
export { type Evaluation, PredictionCollector, type TaskPredictions } from './evaluation/measure.ts';
export {
  earlyStopping,
  type Deciding,
  type EarlyStopping,
  type EarlyStoppingOptions,
  trainingBudget,
  type TrainingBudget,
} from './stopping/early-stopping.ts';

export { adam, adamW, lazyAdam, type AdamOptions, type AdamWOptions } from './optimizers/adam.ts';
export { sgd, type SgdOptions } from './optimizers/sgd.ts';
export { adagrad, rowWiseAdagrad, type AdagradOptions, type RowWiseAdagradOptions } from './optimizers/adagrad.ts';
export type { Arithmetic } from '@polytask/core';
export {
  defineOptimizer,
  createOptimizer,
  slotName,
  type Coefficients,
  type DefineOptimizerOptions,
  type AverageOptions,
  type EagerRule,
  type Optimizer,
  type OptimizerFactory,
  type OptimizerRule,
  type OptimizerSpec,
  type OptimizerState,
  type ClipOptions,
} from './optimizers/optimizer.ts';

export {
  cosine,
  defineSchedule,
  exponentialDecay,
  learningRateAt,
  piecewise,
  warmup,
  type Clock,
  type LearningRate,
  type Length,
  type Piece,
  type ScheduleSpec,
} from './schedules/schedules.ts';

export { restoreWeights } from './checkpoints/restore-weights.ts';
export type { EngineChoice } from './engines/choose-engine.ts';
export { eagerEngine } from './engines/eager-engine.ts';
export type { BalancingReport, Engine, Recipe, Scorer, StepLosses, TrainingStep } from './engine.ts';

export {
  defineTracker,
  jsonLinesTracker,
  openTracker,
  trackEpochs,
  type RunDescription,
  type RunStatus,
  type TrackedRun,
  type Tracker,
} from './tracking/tracker.ts';
export { tensorBoardTracker } from './tracking/tensor-board-tracker.ts';
export { mlflowTracker, type MlflowOptions } from './tracking/mlflow-tracker.ts';
