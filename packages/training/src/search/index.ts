// Which hyper-parameters are tried next.
export {
  defineSearch,
  gridSearch,
  halving,
  randomSearch,
  startSearch,
  type Proposal,
  type ScoredPoint,
  type Search,
  type SearchPlan,
  type SearchProblem,
  type SearchRounds,
  type SearchSetup,
} from './search.ts';
export { dimensionOf, drawFrom, gridOf, fractionOf } from './space.ts';
export type { Dimension, Point, SearchSpace } from './space.ts';
export { tpe } from './tpe.ts';
