import { accuracy } from './binary/accuracy.ts';
import { auc, binnedAuc, prAuc } from './binary/areas.ts';
import { brierScore, logLoss, normalizedEntropy } from './binary/losses.ts';
import { calibrationRatio, expectedCalibrationError } from './binary/calibration.ts';
import { multiclassAccuracy, multiclassLogLoss, multiclassNormalizedEntropy } from './multiclass/multiclass.ts';
import { multiLabelAuc, multiLabelLogLoss, multiLabelNormalizedEntropy } from './multi-label/multi-label.ts';
import { groupedAuc } from './ranking/grouped-auc.ts';
import { ndcg, ndcgAt } from './ranking/ndcg.ts';
import { coverageAt, pinballAt, pinballRatioAt } from './regression/quantiles.ts';
import { mae, normalizedRmse, r2, rmse, rmsle } from './regression/errors.ts';
import { concordance } from './survival/concordance.ts';
import { survivalRatioAt } from './survival/survival-ratio.ts';

/** The package's own metrics, which are known by name. A function, so that a page has those alone that it calls. */
export const ownMetrics = () =>
  [
    accuracy,
    auc,
    binnedAuc,
    prAuc,
    brierScore,
    logLoss,
    normalizedEntropy,
    calibrationRatio,
    expectedCalibrationError,
    multiclassAccuracy,
    multiclassLogLoss,
    multiclassNormalizedEntropy,
    multiLabelAuc,
    multiLabelLogLoss,
    multiLabelNormalizedEntropy,
    groupedAuc,
    ndcg,
    ndcgAt,
    coverageAt,
    pinballAt,
    pinballRatioAt,
    mae,
    normalizedRmse,
    r2,
    rmse,
    rmsle,
    concordance,
    survivalRatioAt,
  ] as const;
