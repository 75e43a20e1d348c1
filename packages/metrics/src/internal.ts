// For Polytask's own packages. Any release may change or remove these exports.
export { definedMetrics } from './define-metric.ts';
export { binnedAucMetric } from './binary/areas.ts';
export { expectedCalibrationErrorMetric } from './binary/calibration.ts';
export { weightedQuantiles } from './regression/quantiles.ts';
export { maeMetric } from './regression/errors.ts';
