// The index of metrics: each line makes a function public, and its metric known by name.
export { accuracy, type AccuracyOptions } from './binary/accuracy.ts';
export { auc, binnedAuc, type BinnedAucOptions, prAuc } from './binary/areas.ts';
export { brierScore, logLoss, type LogLossOptions, normalizedEntropy } from './binary/losses.ts';
export { calibrationRatio, expectedCalibrationError, type CalibrationErrorOptions } from './binary/calibration.ts';
export { multiclassAccuracy, multiclassLogLoss, multiclassNormalizedEntropy } from './multiclass/multiclass.ts';
export { multiLabelAuc, multiLabelLogLoss, multiLabelNormalizedEntropy } from './multi-label/multi-label.ts';
export {
  groupedAuc,
  groupedAucSummary,
  type GroupedAucOptions,
  type GroupedAucSummary,
} from './ranking/grouped-auc.ts';
export { ndcg, ndcgAt, type NdcgOptions } from './ranking/ndcg.ts';
export { coverageAt, pinballAt, pinballRatioAt } from './regression/quantiles.ts';
export { mae, normalizedRmse, r2, rmse, rmsle } from './regression/errors.ts';
export { concordance } from './survival/concordance.ts';
export { survivalRatioAt, survivalShares } from './survival/survival-ratio.ts';
