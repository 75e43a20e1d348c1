/** More kinds of feature. Importing this entry point defines them, so that a model with them can be loaded. */
export { buckets } from './buckets.ts';
export { cross } from './cross.ts';
export { date, type DatePart } from './date.ts';
export { DATE_FORMATS, timeOf, type DateFormat } from './date-text.ts';
export { periodic, type PeriodicOptions } from './periodic.ts';
export { piecewiseLinear } from './piecewise-linear.ts';
export { quantileNormal } from './quantile-normal.ts';
export { text } from './text.ts';
export { gru } from '../poolings/gru.ts';
export { transformer, type TransformerOptions } from '../poolings/transformer.ts';
