export { BinnedColumns, type Bins, type CategoryBins, type NumericBins } from './bins/binned-columns.ts';
export { boost, boostInRounds, type BoostOptions, type BoostingRows } from './boost.ts';
export {
  boostTogether,
  boostTogetherInRounds,
  type BoostTogetherOptions,
  type SharedTask,
  type TaskLabels,
} from './boost-together.ts';
export type { Codes, Column, Columns, Numbers, Texts } from './columns.ts';
export { treeContributions, type AddContributions, type CountedTree } from './trees/tree-contributions.ts';
export { BoostingModel, type PredictOptions } from './model/boosting-model.ts';
export type { BoostingDocument } from './model/document.ts';
export { refit, type RefitOptions } from './refit.ts';
export type { LossObjective } from './objectives/of-loss.ts';
export type { ObjectiveName } from './objectives/objectives.ts';
export { boostingOptions, direction, type BoostingOptions, type BoostingSettings } from './boosting-options.ts';
export type { SharedTaskOptions, SharedTrainingOptions, TrainingOptions } from './options.ts';
