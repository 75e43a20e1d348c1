export { type FeatureDeclaration } from './features.ts';
export { categorical, hashed, shared } from './ids.ts';
export type { CategoricalDeclaration, HashedDeclaration, IdDeclaration, SharedDeclaration } from './ids.ts';
export { idSequence, multiValued, sideColumn } from './lists.ts';
export type { IdSequenceDeclaration, MultiValuedDeclaration, SideColumnDeclaration } from './lists.ts';
export { numeric, type NumericDeclaration } from './numeric.ts';
export { vector, type VectorDeclaration } from './vector.ts';
