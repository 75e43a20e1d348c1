/**
 * The package's own metrics, which are known by name. A metric of several tasks has a function for each. To add one, write its file and
 * export it here.
 */
export { auc, binnedAuc, type BinnedAucOptions, prAuc } from './binary/areas.ts';
export { calibrationRatio, expectedCalibrationError, type CalibrationErrorOptions } from './binary/calibration.ts';
export { brierScore, logLoss, type LogLossOptions, normalizedEntropy } from './binary/losses.ts';
export { accuracy, balancedAccuracy, f1, mcc, precision, recall, type ThresholdOptions } from './binary/decisions.ts';
export { ks, liftAt } from './binary/top-rows.ts';
export {
  kappa,
  macroF1,
  multiclassBalancedAccuracy,
  multiclassMcc,
  quadraticKappa,
  topAt,
} from './multiclass/confusion.ts';
export { multiclassAccuracy, multiclassLogLoss, multiclassNormalizedEntropy } from './multiclass/multiclass.ts';
export { multiLabelAuc, multiLabelLogLoss, multiLabelNormalizedEntropy } from './multi-label/multi-label.ts';
export {
  groupedAuc,
  groupedAucSummary,
  type GroupedAucOptions,
  type GroupedAucSummary,
  ndcg,
  ndcgAt,
  type NdcgOptions,
} from './ranking/ranking.ts';
export { mae, normalizedRmse, r2, rmse, rmsle } from './regression/errors.ts';
export { pearson, spearman } from './regression/correlations.ts';
export { mape, medianAe, smape, wape } from './regression/relative-errors.ts';
export { coverageAt, pinballAt, pinballRatioAt } from './regression/quantiles.ts';
export { concordance, survivalRatioAt, survivalShares } from './survival/survival.ts';
