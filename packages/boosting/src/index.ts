export { BinnedColumns, type Bins, type CategoryBins, type NumericBins } from './bins/binned-columns.ts';
export { boost, boostInRounds, type BoostOptions, type BoostingRows } from './boost.ts';
export type { Codes, Column, Columns, Numbers, Texts } from './columns.ts';
export { treeContributions, type AddContributions, type CountedTree } from './trees/tree-contributions.ts';
export { BoostingModel, type PredictOptions } from './model/boosting-model.ts';
export type { BoostingDocument } from './model/document.ts';
export type { ObjectiveName } from './objectives.ts';
export { boostingOptions, type BoostingOptions, type BoostingSettings } from './boosting-options.ts';
export type { TrainingOptions } from './options.ts';
