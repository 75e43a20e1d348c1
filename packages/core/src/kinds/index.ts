/** More kinds of task, and their losses. Importing this entry point defines them, so that a model with them can be loaded. */
export { count, gamma, poisson, tweedie, type CountTask } from './count.ts';
export { ordinal, ordinalLikelihood, type OrdinalLink, type OrdinalTask } from './ordinal.ts';
export { quantiles, type QuantilesTask } from './quantiles.ts';
export { gaussian, gaussianNll, type GaussianTask } from './gaussian.ts';
export { amount, zeroInflatedLognormal, type AmountTask } from './amount.ts';
export { share, type ShareTask } from './share.ts';
export { multiLabel, multiLabelCrossEntropy, type MultiLabelTask } from './multi-label.ts';
export { logisticHazard, survival, type SurvivalTask } from './survival.ts';
