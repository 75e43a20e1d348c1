export { permutation, randomDraws, randomStream, type Draws, type RandomStream } from './random/random-stream.ts';
export { randomTensor, withRandomTensors, type Draw } from './random/random-tensor.ts';
export * from './parameters/initializers.ts';
export { ParameterStore, type Parameter, type ParameterAxes, streamCounters } from './parameters/parameter-store.ts';
export type { Scope, ScopeOptions } from './parameters/scope.ts';
export { activation, type Activation } from './layers/activations.ts';
export { linear } from './layers/linear.ts';
export { attention } from './layers/attention.ts';
export { dense, type DenseOptions } from './layers/dense.ts';
export { dropout } from './layers/dropout.ts';
export { layerNorm, batchNorm, type BatchNormOptions } from './layers/norms.ts';
export { lookup } from './layers/embedding.ts';
export type { Call, ExpertsTap, LanesTap, Layer, PassLabels, SharedLanes } from './layers/layer.ts';
export * from './tasks/tasks.ts';
export { binary, type BinaryTask } from './tasks/binary.ts';
export { multiclass, type MulticlassTask } from './tasks/multiclass.ts';
export { regression, type RegressionTask } from './tasks/regression.ts';
export {
  defineTask,
  labelOf,
  predictionOf,
  type BoostingTarget,
  type DefineTaskOptions,
  type TaskKind,
  type TaskOptions,
  type TaskWith,
} from './tasks/task-kind.ts';
export { type PredictionType, predictionTypeOf } from './tasks/prediction-types.ts';
export { type Calibrator, encodedScores, labelDecoder, taskScores } from './tasks/labels.ts';
export type { Arithmetic } from './arithmetic/arithmetic.ts';
export { doubleMath } from './arithmetic/double-math.ts';
export type { GroupMath } from './arithmetic/group-math.ts';
export type { OutputMath } from './arithmetic/output-math.ts';
export type { RowMath } from './arithmetic/row-math.ts';
export {
  defineLoss,
  type BuildLoss,
  type DefineLossOptions,
  type GroupLoss,
  type GroupLossRunner,
  type GroupMean,
  type GroupTerms,
  type LossSpec,
  type RowLoss,
} from './tasks/losses/loss.ts';
export { rowLossOf } from './tasks/losses/loss-of.ts';
export { defineGroupLoss, type BuildGroupLoss } from './tasks/losses/group-loss.ts';
export { asymmetric } from './tasks/losses/asymmetric.ts';
export { binaryCrossEntropy } from './tasks/losses/binary-cross-entropy.ts';
export { classBalancedWeights, type ClassBalanceOptions } from './tasks/losses/class-balance.ts';
export { focal } from './tasks/losses/focal.ts';
export { crossEntropy } from './tasks/losses/cross-entropy.ts';
export { huber, logCosh, mae, mse } from './tasks/losses/regression.ts';
export { pinball } from './tasks/losses/pinball.ts';
export { bpr, rankNet, jrc, listNet } from './tasks/losses/group-losses.ts';
export { logitsOf } from './tasks/check-tasks.ts';
export { decisionsOf, type Decision } from './decisions/decisions.ts';
export { denseSchema, type Feature, type FeatureValue, type Row, type Schema } from './features/schema.ts';
export * from './features/kinds/index.ts';
export type { FeatureKind } from './features/feature-kind.ts';
export {
  defineFeature,
  type DeclaredFeature,
  type FeatureDeclaring,
  type FeatureDefinition,
  type FeatureFit,
} from './features/define-feature.ts';
export type { Codes, EntryNumbersForm, FeatureForm, IdForm, IdsForm, NumbersForm } from './features/feature-form.ts';
export type { Scale } from './features/scale.ts';
export { numberOf } from './features/values.ts';
export {
  layoutOf,
  type BatchPart,
  type FeatureArrays,
  type FeaturePosition,
  type FeatureTable,
  type IndexPart,
  type Layout,
  type PartSpec,
} from './features/layout.ts';
export type { ContextPosition, Contexts, FeatureColumns } from './features/context-positions.ts';
export { contextOf, type Context } from './inputs/contexts.ts';
export { rowEncoder, type RowEncoder, type RowFault, type ValueEncoder } from './features/encode-rows.ts';
export {
  type Batch,
  type Labels,
  labelsOf,
  type Examples,
  emptyBatch,
  type BatchArray,
  type ExampleStream,
} from './features/batch.ts';
export { decodeFeatures, type FeatureColumn } from './features/decode-rows.ts';
export type { Readable } from './features/readable.ts';
export {
  type UniqueIds,
  type Positions,
  type GatheredBatch,
  type TableRows,
  type PartTensors,
  type FeatureTensors,
  type PositionTensors,
  type BatchTensors,
  type GatheredRows,
  toTensors,
} from './features/batch-tensors.ts';
export type { RowCopy, CopiedPart } from './memory/copy-rows.ts';
export { defineInput, type Input, type InputDefinition, type InputSpec } from './inputs/input.ts';
export { embed, type EmbedOptions, type TableUpdate } from './inputs/embed.ts';
export {
  definePooling,
  type AttentionOptions,
  type BuiltPooling,
  type DefinePoolingOptions,
  type PoolingBuilder,
  type PoolingDefinition,
  type SequenceEntries,
} from './inputs/pooling.ts';
export type { EntryWeights, Pooling, PoolingForm } from './features/pooling.ts';
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
export { checks, expertSpecs } from './specs/checks.ts';
export { type Unit, type PerTask, ownUnits, sharedUnit, poolUnits, type ExpertPosition } from './fusion/units.ts';
export type { Visibility } from './fusion/visibility.ts';
export {
  defineExpert,
  isBankable,
  type DefineExpertOptions,
  type Expert,
  type ExpertBuilder,
  type ExpertSpec,
} from './fusion/expert.ts';
export { createBank, type Bank, type BankOptions, type BankInput, type BankParameter } from './fusion/bank.ts';
export {
  defineGate,
  seeing,
  sumGate,
  type DefineGateOptions,
  type Gate,
  type GateBuilder,
  type GateOptions,
  type GateDefinition,
  type GateSpec,
} from './fusion/gate.ts';
export {
  definePenalty,
  type Penalty,
  type PenaltyBuilder,
  type PenaltyDefinition,
  type PenaltySpec,
} from './fusion/penalty.ts';
export type { FusionLevel, LevelBuildInputs } from './fusion/fusion-level.ts';
export type { FusionLevelDeclaration } from './fusion/fusion-level-declaration.ts';
export { sharesLayers } from './fusion/shares-layers.ts';
export { tiedExperts, type TiedExperts, type TiedLevel } from './fusion/tied-bank.ts';
export type { Lanes } from './fusion/lanes.ts';
export type { GateWeights } from './fusion/level-weights.ts';
export {
  defineCompositeNetwork,
  defineNetwork,
  fusion,
  type CompositeDefinition,
  type DefineCompositeOptions,
  type DefineNetworkOptions,
  type FusionDeclaration,
  type FusionOptions,
  type Logits,
  type Network,
  type NetworkInput,
  type NetworkDefinition,
  type NetworkBuildInputs,
  type NetworkSpec,
} from './fusion/network.ts';
export type { ModelInTraining, NetworkTrained, NetworkTrainer, NetworkTraining } from './fusion/network-trainer.ts';
export {
  expertVariants,
  gateOf,
  gateVariants,
  levelsOf,
  withoutShared,
  withShared,
  type ExpertVariant,
  type GateVariant,
  type NamedExpertVariant,
  type NamedGateVariant,
  type NamedVariant,
  type NetworkSize,
  type NetworkVariant,
  type NetworkVariants,
} from './variants/variants.ts';
export { lossesOf, lossGradients, type LossNumbers, type Losses } from './model/losses.ts';
export type { HeadStart, LogitsBlock, SelfAuxiliaries, StackedLogits } from './model/heads.ts';
export type { CountLimit } from './saving/check-counts.ts';
export { MultiTaskModel, multiTaskModel, type Forward } from './model/model.ts';
export type { ModelDeclaration } from './model/model-declaration.ts';
export type { ForwardOptions } from './model/call-on.ts';
export type { Rotations, RotationsOptions } from './model/rotations.ts';
export { type Predictions } from './model/predictions.ts';
export { fusionWeights, fusionWeightsAsync, type FusionWeightsOptions } from './model/fusion-weights.ts';
export type { LevelWeights } from './model/fusion-weights.ts';
export type { LevelReport, WeightNumbers } from './model/weight-totals.ts';
export type { LayerDeclaration } from './tf-layers/build-layer.ts';
export type { TfLayer } from './tf-layers/tf-layer.ts';
export { save, toBytes } from './saving/save.ts';
export { load } from './saving/load.ts';
export { growModel, type GrownModel, type Growth } from './growing/grow-model.ts';
export {
  openFolder,
  readSafetensors,
  writeSafetensors,
  type Bundle,
  type BundleFiles,
  type BundleParts,
  type Claim,
  type FileContent,
  type FileParts,
  type Folder,
  type FolderWriter,
  type NamedTensor,
  type ReadParts,
  type Release,
  type Safetensors,
  type Source,
  type TensorParts,
} from './storage/index.ts';
export type { WriteParametersOptions } from './saving/parameters.ts';
export { unstack } from './layers/members.ts';
export { detached } from './arithmetic/stop-gradient.ts';
