// For Polytask's own packages. Any release may change or remove these exports.
export { metricNamed } from './metrics.ts';
export { incompleteBeta } from './statistics/distributions.ts';
export { weightedMean } from './input/rows.ts';
export { weightedQuantiles } from './regression/quantiles.ts';
