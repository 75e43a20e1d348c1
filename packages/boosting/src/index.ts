export { boost, type BoostOptions, type Rows } from './boost.ts';
export type { Codes, Column, Columns, Numbers, Texts } from './columns.ts';
export { BoostingModel, type PredictOptions } from './model/boosting-model.ts';
export type { BoostingDocument } from './model/document.ts';
export type { ObjectiveName } from './objectives.ts';
export type { GrowthOptions, TrainingOptions } from './options.ts';
