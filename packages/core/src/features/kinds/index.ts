import './ids.ts';
import './lists.ts';
import './numbers.ts';

export type { CategoricalFeature, HashedFeature, IdFeature, SharedFeature } from './ids.ts';
export type { IdSequenceFeature, MultiValuedFeature, SideColumnFeature } from './lists.ts';
export type { NumericFeature, VectorFeature } from './numbers.ts';
