/** More kinds of task, and their losses. Importing this entry point defines them, so that a model with them can be loaded. */
export { count, gamma, poisson, tweedie } from './count.ts';
export { ordinal, ordinalLikelihood, type OrdinalLink } from './ordinal.ts';
export { quantiles } from './quantiles.ts';
export { gaussian, gaussianNll } from './gaussian.ts';
export { amount, zeroInflatedLognormal } from './amount.ts';
export { share } from './share.ts';
export { multiLabel, multiLabelCrossEntropy } from './multi-label.ts';
export { logisticHazard, survival } from './survival.ts';
