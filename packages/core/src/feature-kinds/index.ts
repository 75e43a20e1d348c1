/** More kinds of feature. Importing this entry point defines them, so that a model with them can be loaded. */
export { buckets, type BucketsDeclaration, type BucketsFeature } from './buckets.ts';
export { cross, type CrossDeclaration, type CrossFeature } from './cross.ts';
export { date, timeOf, type DateDeclaration, type DateFeature, type DatePart } from './date.ts';
export { periodic, type PeriodicOptions } from './periodic.ts';
export { piecewiseLinear, type PiecewiseLinearDeclaration, type PiecewiseLinearFeature } from './piecewise-linear.ts';
export { quantileNormal, type QuantileNormalDeclaration, type QuantileNormalFeature } from './quantile-normal.ts';
export { text, type TextDeclaration, type TextFeature } from './text.ts';
export { gru } from '../poolings/gru.ts';
export { transformer, type TransformerOptions } from '../poolings/transformer.ts';
