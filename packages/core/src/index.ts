export {
  type Draws,
  type RandomStream,
  randomStream,
  permutation,
  randomDraws,
  integerBelow,
  type Draw,
  randomTensor,
  withRandomTensors,
} from './random/random.ts';
export * from './parameters/initializers.ts';
export * from './parameters/parameter-store.ts';
export { createScope, type Scope, type ScopeOptions } from './parameters/scope.ts';
export { linear, type Activation, activation, type DenseOptions, dense } from './layers/dense.ts';
export * from './layers/attention.ts';
export * from './layers/dropout.ts';
export * from './layers/norms.ts';
export { unstack, repeatRows, lookup } from './layers/operations.ts';
export type { PassLabels, Call, SharedLanes, ExpertsTap, LanesTap, Layer, ForwardOptions } from './layers/layer.ts';
export {
  SHARED,
  type Task,
  type Calibrated,
  type Fitted,
  type Tasks,
  type Label,
  type OtherLabel,
} from './tasks/tasks.ts';
export { binary, type BinaryTask } from './tasks/binary.ts';
export { multiclass, type MulticlassTask } from './tasks/multiclass.ts';
export * from './tasks/regression.ts';
export { declareTask, defineTask, isLog, kindOf, labelOf, predictionOf } from './tasks/task-kind.ts';
export { predictionTypeOf, predictionWidth } from './tasks/task-kind.ts';
export type { BoostingTarget, DefineTaskOptions, TaskKind, TaskOptions, TaskWith } from './tasks/task-kind.ts';
export { definePrediction } from './tasks/prediction-types.ts';
export type { CalibrationPlot, DefinePrediction, Prediction, PredictionType } from './tasks/prediction-types.ts';
export { unitOf, type LabelOfType, type LabelType, type LabelUnit } from './tasks/label-types.ts';
export * from './tasks/labels.ts';
export type * from './arithmetic/output-math.ts';
export { type RowMath, tensorMath, doubleMath } from './arithmetic/row-math.ts';
export type { GroupMath } from './arithmetic/group-math.ts';
export { defineLoss, lossesFor } from './tasks/losses/loss.ts';
export type { BuildLoss, DefineLossOptions, GroupLoss, GroupLossRunner, GroupMean } from './tasks/losses/loss.ts';
export type { GroupTerms, LossSpec, RowLoss } from './tasks/losses/loss.ts';
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
export {
  type CategoricalFeature,
  type HashedFeature,
  type IdFeature,
  ShardedMap,
  type SharedFeature,
} from './features/kinds/ids.ts';
export type * from './features/kinds/lists.ts';
export type * from './features/kinds/numbers.ts';
export {
  type FeatureFit,
  type FeatureDeclaring,
  type FeatureKind,
  featureKind,
  formOf,
  type DeclaredFeature,
  type FeatureDefinition,
  defineFeature,
  declareFeature,
  declaringOf,
} from './features/feature-kind.ts';
export * from './features/feature-form.ts';
export { type Scale, numberOf, parseNumber } from './features/values.ts';
export {
  type FeatureColumns,
  type ContextPosition,
  type Contexts,
  contextsOf,
  type FeatureTable,
  type FeaturePosition,
  type Layout,
  type ArrayOf,
  BATCH_PARTS,
  type BatchPart,
  type IndexPart,
  INDEX_PARTS,
  isIndexPart,
  type FeatureArrays,
  type PartSpec,
  presentParts,
  byIndexPart,
  type PartColumns,
  featureParts,
  idPlaces,
  layoutOf,
} from './features/layout.ts';
export * from './inputs/contexts.ts';
export * from './features/rows.ts';
export * from './features/batch.ts';
export type { Readable } from './features/readable.ts';
export {
  type UniqueIds,
  type Positions,
  type GatheredBatch,
  type TableRows,
  gatheredShape,
  gatherTables,
  copiedRows,
  type PartTensors,
  type FeatureTensors,
  type PositionTensors,
  type BatchTensors,
  featureTensors,
  partTensors,
  type GatheredRows,
  toTensors,
  allParts,
} from './features/batch-tensors.ts';
export type { RowCopy, CopiedPart } from './memory/copy-rows.ts';
export * from './inputs/input.ts';
export * from './inputs/embed.ts';
export { definePooling } from './inputs/pooling.ts';
export type { AttentionOptions, BuiltPooling, DefinePoolingOptions, PoolingBuilder } from './inputs/pooling.ts';
export type { PoolingDefinition, SequenceEntries } from './inputs/pooling.ts';
export { poolingForm, type EntryWeights, type Pooling, type PoolingForm } from './features/pooling.ts';
export { PolytaskError, aboutOf, allComponents, readOptions, componentsOf, createSpec } from '@polytask/components';
export { define, fail, fits, groupBy, parseJson, readDocument, optionsOf, registered } from '@polytask/components';
export { suggestion, variantsOf } from '@polytask/components';
export type * from '@polytask/components';
export * from './specs/checks.ts';
export {
  type Unit,
  perTaskCounts,
  type PerTask,
  ownUnits,
  sharedUnit,
  poolUnits,
  type ExpertPosition,
  type Visibility,
} from './fusion/units.ts';
export * from './fusion/expert.ts';
export * from './fusion/bank.ts';
export * from './fusion/gate.ts';
export { definePenalty } from './fusion/penalty.ts';
export type { Penalty, PenaltyBuilder, PenaltyDefinition, PenaltySpec } from './fusion/penalty.ts';
export type { FusionLevel, LevelBuildInputs, FusionLevelDeclaration } from './fusion/fusion-level.ts';
export {
  type FusionOptions,
  type NetworkBuildInputs,
  type Logits,
  type FusionDeclaration,
  fusion,
  type NetworkSpec,
  type NetworkDefinition,
  type DefineNetworkOptions,
  defineNetwork,
  type CompositeDefinition,
  type DefineCompositeOptions,
  defineCompositeNetwork,
  trainerOf,
  type Network,
  type NetworkInput,
  createNetwork,
  startLanes,
  sharesLayers,
  couplesOutputs,
} from './fusion/network.ts';
export { tiedExperts, type TiedExperts, type TiedLevel } from './fusion/tied-bank.ts';
export type { Lanes } from './fusion/lanes.ts';
export type { GateWeights } from './fusion/level-weights.ts';
export * from './fusion/network-trainer.ts';
export * from './variants/variants.ts';
export { lossesOf, lossGradients, rowLosses, taskLossAt, type LossNumbers, type Losses } from './model/losses.ts';
export { passLogits } from './model/heads.ts';
export type { HeadStart, LogitsBlock, SelfAuxiliaries, StackedLogits } from './model/heads.ts';
export { type Forward, MultiTaskModel, multiTaskModel } from './model/model.ts';
export type { ModelDeclaration } from './model/model-declaration.ts';
export type { Rotations, RotationsOptions } from './model/rotations.ts';
export { type Predictions } from './model/predictions.ts';
export * from './model/fusion-weights.ts';
export { save, toBytes } from './saving/save.ts';
export { load, type CountLimit } from './saving/load.ts';
export * from './growing/grow-model.ts';
export {
  type Bundle,
  type BundleFiles,
  type BundleParts,
  readBundle,
  writeBundle,
  chunksOf,
  type Claim,
  type FileContent,
  type FileParts,
  type Folder,
  type FolderWriter,
  type ReadParts,
  type Release,
  listFolder,
  moveFolder,
  openFolder,
  removeFolder,
  writeSafetensors,
  type NamedTensor,
  type TensorParts,
  readSafetensors,
  type Safetensors,
  contentDigest,
  readSealed,
  writeSealed,
  sha256Of,
  type Source,
} from './storage/index.ts';
export * from './saving/parameters.ts';
export * from './arithmetic/stop-gradient.ts';
export * from './growing/grow-schema.ts';
export { pooledNumbers } from './inputs/pooled-numbers.ts';
export * from './memory/embedding-table.ts';
export {
  UNKNOWN,
  MISSING,
  FIRST_CODE,
  hashedCodes,
  hashOf,
  vocabularySize,
  type ComposedCodes,
  isComposed,
  remaindersOf,
  firstQuotientRow,
} from './features/codes.ts';
