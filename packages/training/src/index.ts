export { fit, type FitResult } from './fit/fit.ts';
export { trainingBudget, type TrainingBudget } from './stopping/training-budget.ts';
export type { FitWarning } from './fit/warnings.ts';
export type { RowSource } from './rows/rows.ts';
export { softLabels, type SoftLabelOptions } from './evaluation/soft-labels.ts';
export { atPreference, drawPreferences, type PreferenceOptions } from './rows/preferences.ts';
export type { CheckpointOptions, FitOptions } from './fit/options.ts';
export type { FitCallbacks, CallbackAnswer } from './fit/callbacks.ts';
export type { BalancingReport, EpochReport, LossReport, StepReport } from './progress/reports.ts';
export { measuredAs, type MeasuredAs } from './evaluation/metric-table.ts';
export { evaluate, type EvaluateOptions } from './evaluation/evaluate.ts';
export type { PredictionScores, ScorePredictionsOptions } from './evaluation/score-predictions.ts';
export { calibrate, type CalibrateOptions, type FittedCalibration } from './calibration/calibrate.ts';
export type { ByTask, CalibrationChoices, CalibrationPlan } from './calibration/plan-calibration.ts';
export { chooseThreshold, cost, defineThreshold, f1, rate, type ThresholdCounts, type ThresholdSpec } from './calibration/thresholds.ts';
export { evaluateBy, type MeasuredTask, type ScoresOfValue } from './evaluation/evaluate-by.ts';
export { evaluateGates, type EvaluateGatesOptions, type GateUse } from './evaluation/evaluate-gates.ts';
export {
  evaluateGradients,
  type EvaluateGradientsOptions,
  type GradientRelations,
} from './evaluation/evaluate-gradients.ts';
export { diagnose, type DiagnosedRows, type DiagnoseOptions } from './diagnosis/diagnose.ts';
export type { Finding } from './diagnosis/findings.ts';
export { findLearningRate, type FindLearningRateOptions, type RateTest } from './rates/find-learning-rate.ts';
export type { Evaluation, TaskPredictions } from './evaluation/predictions.ts';
export type { DefaultMetrics, MetricChoice, MetricReference, Scores, TaskScores } from './evaluation/scores.ts';
export {
  earlyStopping,
  type Deciding,
  type EarlyStopping,
  type EarlyStoppingOptions,
} from './stopping/early-stopping.ts';

export { adam, adamW, lazyAdam, type AdamOptions, type AdamWOptions } from './optimizers/adam.ts';
export { sgd, type SgdOptions } from './optimizers/sgd.ts';
export { adagrad, type AdagradOptions } from './optimizers/adagrad.ts';
export { rowWiseAdagrad, type RowWiseAdagradOptions } from './optimizers/row-wise-adagrad.ts';
export type { Arithmetic } from '@polytask/core';
export type { ClipOptions } from './optimizers/clip.ts';
export {
  defineOptimizer,
  createOptimizer,
  type Coefficients,
  type DefineOptimizerOptions,
  type Optimizer,
  type OptimizerFactory,
  type OptimizerRule,
  type OptimizerSpec,
  type OptimizerState,
} from './optimizers/optimizer.ts';

export { constantSchedule, cosine, exponentialDecay, piecewise, warmup, type Piece } from './schedules/schedules.ts';
export { defineSchedule, learningRateAt, type Clock, type LearningRate, type Length, type ScheduleSpec } from './schedules/schedule.ts';

export { restoreWeights } from './checkpoints/restore-weights.ts';
export type { EngineChoice } from './engines/choose-engine.ts';
export { eagerEngine } from './engines/eager-engine.ts';
export type { Engine, Recipe, Scorer, StepBalancing, StepLosses, TrainingStep } from './engine.ts';
export type { ProgressChoice } from './progress/progress.ts';

export {
  defineTracker,
  trackEpochs,
  type RunDescription,
  type RunStatus,
  type TrackedRun,
  type Tracker,
} from './tracking/tracker.ts';
export { jsonLinesTracker } from './tracking/json-lines-tracker.ts';
export { tensorBoardTracker } from './tracking/tensor-board-tracker.ts';
export { mlflowTracker, type MlflowOptions } from './tracking/mlflow-tracker.ts';
