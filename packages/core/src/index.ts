export {
  permutation,
  randomDraws,
  randomStream,
  integerBelow,
  type Draws,
  type RandomStream,
} from './random/random-stream.ts';
export * from './random/random-tensor.ts';
export * from './parameters/initializers.ts';
export * from './parameters/parameter-store.ts';
export { createScope, type Scope, type ScopeOptions } from './parameters/scope.ts';
export { activation, type Activation } from './layers/activations.ts';
export * from './layers/linear.ts';
export * from './layers/attention.ts';
export { dense, type DenseOptions } from './layers/dense.ts';
export * from './layers/dropout.ts';
export * from './layers/norms.ts';
export * from './layers/embedding.ts';
export * from './layers/layer.ts';
export * from './tasks/tasks.ts';
export { binary, type BinaryTask } from './tasks/binary.ts';
export { multiclass, type MulticlassTask } from './tasks/multiclass.ts';
export * from './tasks/regression.ts';
export {
  defineTask,
  labelOf,
  predictionOf,
  declareTask,
  kindOf,
  predictionWidth,
  type BoostingTarget,
  type DefineTaskOptions,
  type TaskKind,
  type TaskOptions,
  type TaskWith,
} from './tasks/task-kind.ts';
export * from './tasks/prediction-types.ts';
export * from './tasks/labels.ts';
export type * from './arithmetic/output-math.ts';
export { doubleMath } from './arithmetic/double-math.ts';
export type { GroupMath } from './arithmetic/group-math.ts';
export * from './arithmetic/row-math.ts';
export {
  defineLoss,
  lossesFor,
  type BuildLoss,
  type DefineLossOptions,
  type GroupLoss,
  type GroupLossRunner,
  type GroupMean,
  type GroupTerms,
  type LossSpec,
  type RowLoss,
} from './tasks/losses/loss.ts';
export * from './tasks/losses/loss-of.ts';
export * from './tasks/losses/group-loss.ts';
export * from './tasks/losses/binary-cross-entropy.ts';
export { classBalancedWeights, type ClassBalanceOptions } from './tasks/losses/class-balance.ts';
export * from './tasks/losses/focal.ts';
export * from './tasks/losses/cross-entropy.ts';
export * from './tasks/losses/regression.ts';
export { pinball } from './tasks/losses/pinball.ts';
export * from './tasks/losses/group-losses.ts';
export * from './tasks/check-tasks.ts';
export * from './decisions/decisions.ts';
export * from './features/schema.ts';
export * from './features/kinds/index.ts';
export { featureKind, formOf, type FeatureKind } from './features/feature-kind.ts';
export * from './features/define-feature.ts';
export * from './features/feature-form.ts';
export type { Scale } from './features/scale.ts';
export { numberOf, parseNumber } from './features/values.ts';
export * from './features/layout.ts';
export * from './inputs/contexts.ts';
export * from './features/encode-rows.ts';
export * from './features/batch.ts';
export * from './features/decode-rows.ts';
export type { Readable } from './features/readable.ts';
export * from './features/batch-tensors.ts';
export type { RowCopy, CopiedPart } from './memory/copy-rows.ts';
export * from './inputs/input.ts';
export * from './inputs/embed.ts';
export {
  definePooling,
  type AttentionOptions,
  type BuiltPooling,
  type DefinePoolingOptions,
  type PoolingBuilder,
  type PoolingDefinition,
  type SequenceEntries,
} from './inputs/pooling.ts';
export { poolingForm, type EntryWeights, type Pooling, type PoolingForm } from './features/pooling.ts';
export {
  PolytaskError,
  aboutOf,
  allComponents,
  readOptions,
  componentsOf,
  createSpec,
  define,
  fail,
  fits,
  groupBy,
  parseJson,
  readDocument,
  optionsOf,
  registered,
  suggestion,
  variantsOf,
  type About,
  type Args,
  type ComponentKind,
  type ComponentName,
  type Described,
  type Either,
  type Factory,
  type Filled,
  type FromDescription,
  type Lackable,
  type ListOf,
  type Option,
  type Options,
  type Read,
  type ReadValue,
  type RecordOf,
  type Shaped,
  type Spec,
  type Written,
} from '@polytask/components';
export * from './specs/checks.ts';
export * from './fusion/units.ts';
export type { Visibility } from './fusion/visibility.ts';
export * from './fusion/expert.ts';
export * from './fusion/bank.ts';
export * from './fusion/gate.ts';
export {
  definePenalty,
  type Penalty,
  type PenaltyBuilder,
  type PenaltyDefinition,
  type PenaltySpec,
} from './fusion/penalty.ts';
export type { FusionLevel, LevelBuildInputs, FusionLevelDeclaration } from './fusion/fusion-level.ts';
export * from './fusion/shares-layers.ts';
export { tiedExperts, type TiedExperts, type TiedLevel } from './fusion/tied-bank.ts';
export type { Lanes } from './fusion/lanes.ts';
export type { GateWeights } from './fusion/level-weights.ts';
export * from './fusion/network.ts';
export * from './fusion/network-trainer.ts';
export * from './variants/variants.ts';
export { lossesOf, lossGradients, rowLosses, taskLossAt, type LossNumbers, type Losses } from './model/losses.ts';
export {
  passLogits,
  type HeadStart,
  type LogitsBlock,
  type SelfAuxiliaries,
  type StackedLogits,
} from './model/heads.ts';
export * from './model/model.ts';
export type { ModelDeclaration } from './model/model-declaration.ts';
export type { ForwardOptions } from './model/call-on.ts';
export type { Rotations, RotationsOptions } from './model/rotations.ts';
export { type Predictions } from './model/predictions.ts';
export * from './model/fusion-weights.ts';
export * from './model/weight-totals.ts';
export { save, toBytes } from './saving/save.ts';
export { load, type CountLimit } from './saving/load.ts';
export * from './growing/grow-model.ts';
export * from './storage/index.ts';
export * from './saving/parameters.ts';
export { unstack, repeatRows } from './layers/members.ts';
export * from './arithmetic/stop-gradient.ts';
export * from './growing/grow-schema.ts';
export { pooledNumbers } from './inputs/pooled-numbers.ts';
export * from './memory/embedding-table.ts';
export * from './features/sharded-map.ts';
export * from './features/codes.ts';
export * from './parameters/finite.ts';
