import './ids.ts';
import './lists.ts';
import './numeric.ts';
import './vector.ts';

export type { CategoricalFeature, HashedFeature, IdFeature, SharedFeature } from './ids.ts';
export type { IdSequenceFeature, MultiValuedFeature, SideColumnFeature } from './lists.ts';
export type { NumericFeature } from './numeric.ts';
export type { VectorFeature } from './vector.ts';
