export { MetricError } from './metric-error.ts';
export type {
  Direction,
  GroupArray,
  MaskArray,
  Metric,
  MetricConfig,
  MetricSnapshot,
  MetricState,
  MetricTask,
  NumericArray,
  RowOptions,
  UpdateOptions,
} from './metric.ts';
export type { WeightsOr } from './input/row-options.ts';
export { findMetric, metrics, type MetricName } from './metrics.ts';
export { isBetter } from './is-better.ts';

export { accuracy, accuracyMetric, type AccuracyConfig } from './binary/accuracy.ts';
export { auc, aucMetric } from './binary/auc.ts';
export { binnedAuc, binnedAucMetric, type BinnedAucConfig } from './binary/binned-auc.ts';
export { calibrationRatio, calibrationRatioMetric } from './binary/calibration-ratio.ts';
export {
  expectedCalibrationError,
  expectedCalibrationErrorMetric,
  type CalibrationErrorConfig,
} from './binary/expected-calibration-error.ts';
export { logLoss, logLossMetric, type LogLossConfig } from './binary/log-loss.ts';
export { normalizedEntropy, normalizedEntropyMetric } from './binary/normalized-entropy.ts';
export { prAuc, prAucMetric } from './binary/pr-auc.ts';
export { multiclassAccuracy, multiclassAccuracyMetric } from './multiclass/multiclass-accuracy.ts';
export { multiclassLogLoss, multiclassLogLossMetric } from './multiclass/multiclass-log-loss.ts';
export {
  groupedAuc,
  groupedAucMetric,
  groupedAucSummary,
  type GroupedAucConfig,
  type GroupedAucSummary,
} from './ranking/grouped-auc.ts';
export { ndcg, ndcgAt, type NdcgConfig } from './ranking/ndcg.ts';
export { mae, maeMetric } from './regression/mae.ts';
export { rmse, rmseMetric } from './regression/rmse.ts';

export {
  multiTaskGain,
  type MultiTaskGain,
  type TaskDirections,
  type TaskValues,
} from './multi-task/multi-task-gain.ts';

export { meanInterval, type IntervalConfig, type MeanInterval } from './statistics/mean-interval.ts';
export { pairedDifference, type PairedDifference } from './statistics/paired-difference.ts';
export { studentTQuantile, studentTTail } from './statistics/student-t.ts';
