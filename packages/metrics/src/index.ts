export { MetricError } from './metric-error.ts';
export {
  isBetter,
  type Direction,
  type GroupArray,
  type MaskArray,
  type Metric,
  type MetricConfig,
  type MetricSnapshot,
  type MetricState,
  type MetricTask,
  type NumericArray,
  type RowOptions,
  type UpdateOptions,
} from './metric.ts';
export type { WeightsOr } from './state/measure.ts';
export { findMetric, metrics, type MetricName } from './metrics.ts';
export { definedMetrics, defineMetric, type RowMetricDefinition, type SumMetricDefinition } from './define-metric.ts';
export type { Rows } from './input/rows.ts';
export type { StoredRows } from './state/row-metric.ts';

export { accuracy, accuracyMetric, type AccuracyConfig } from './binary/accuracy.ts';
export { auc, aucMetric } from './binary/auc.ts';
export { binnedAuc, binnedAucMetric, type BinnedAucConfig } from './binary/binned-auc.ts';
export { brierScore, brierScoreMetric } from './binary/brier-score.ts';
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
  multiclassNormalizedEntropy,
  multiclassNormalizedEntropyMetric,
} from './multiclass/multiclass-normalized-entropy.ts';
export { multiLabelAuc, multiLabelAucMetric } from './multi-label/multi-label-auc.ts';
export { multiLabelLogLoss, multiLabelLogLossMetric } from './multi-label/multi-label-log-loss.ts';
export {
  multiLabelNormalizedEntropy,
  multiLabelNormalizedEntropyMetric,
} from './multi-label/multi-label-normalized-entropy.ts';
export {
  groupedAuc,
  groupedAucMetric,
  groupedAucSummary,
  type GroupedAucConfig,
  type GroupedAucSummary,
} from './ranking/grouped-auc.ts';
export { ndcg, ndcgAt, type NdcgConfig } from './ranking/ndcg.ts';
export { coverageAt, pinballAt, pinballRatioAt, weightedQuantiles } from './regression/quantiles.ts';
export { mae, maeMetric } from './regression/mae.ts';
export { normalizedRmse, normalizedRmseMetric } from './regression/normalized-rmse.ts';
export { r2, r2Metric } from './regression/r2.ts';
export { rmse, rmseMetric } from './regression/rmse.ts';
export { rmsle, rmsleMetric } from './regression/rmsle.ts';
export { concordance, concordanceMetric } from './survival/concordance.ts';
export { survivalRatioAt, survivalShares } from './survival/survival-ratio.ts';

export {
  multiTaskGain,
  type MultiTaskGain,
  type TaskDirections,
  type TaskValues,
} from './multi-task/multi-task-gain.ts';
export { multiTaskGainInterval, type MultiTaskGainInterval } from './multi-task/multi-task-gain-interval.ts';
export {
  gateStatistics,
  type GateShape,
  type GateStatistics,
  type GateSummary,
  type UnitGate,
  type Utilization,
} from './gates/gate-statistics.ts';

export { compareRuns } from './comparison/compare-runs.ts';
export type {
  CompareConfig,
  Comparison,
  ModelComparison,
  ModelRanks,
  Runs,
  SeedScores,
  TaskComparison,
} from './comparison/comparison.ts';
export { tally, verdictOf, type DifferenceBounds, type Tally, type Verdict } from './comparison/verdict.ts';

export { benjaminiHochberg, holm } from './statistics/adjusted-p-values.ts';
export {
  bootstrapDifference,
  bootstrapInterval,
  type BootstrapConfig,
  type BootstrapInterval,
  type SamplesConfig,
  type Statistic,
} from './statistics/bootstrap-interval.ts';
export {
  chiSquareQuantile,
  chiSquareTail,
  fQuantile,
  fTail,
  normalCdf,
  normalQuantile,
  studentTQuantile,
  studentTTail,
} from './statistics/distributions.ts';
export { counterRandom, type RandomSource } from './statistics/counter-random.ts';
export {
  delongInterval,
  type DelongConfig,
  type DelongInterval,
  type DelongIntervalConfig,
} from './statistics/delong-interval.ts';
export { delongTest, type DelongTest } from './statistics/delong-test.ts';
export { friedmanTest, type FriedmanTest } from './statistics/friedman-test.ts';
export { jackknifeInterval, type JackknifeConfig, type JackknifeInterval } from './statistics/jackknife-interval.ts';
export { meanInterval, type IntervalConfig, type MeanConfig, type MeanInterval } from './statistics/mean-interval.ts';
export { pairedDifference, type PairedDifference } from './statistics/paired-difference.ts';
export {
  pairedPermutationTest,
  type PairedPermutationTest,
  type PermutationConfig,
} from './statistics/paired-permutation-test.ts';
export { signTest, type SignTest } from './statistics/sign-test.ts';
export { studentizedRangeQuantile, studentizedRangeTail } from './statistics/studentized-range.ts';
export { wilcoxonSignedRank, type WilcoxonConfig, type WilcoxonSignedRank } from './statistics/wilcoxon-signed-rank.ts';
export { wilsonInterval } from './statistics/wilson-interval.ts';
