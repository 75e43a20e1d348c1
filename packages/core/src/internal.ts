// For Polytask's own packages. Any release may change or remove these exports.
import './index.ts'; // defines the same components, in the same order
export { integerBelow } from './random/random-stream.ts';
export { firstNotFinite, requireFinite } from './parameters/finite.ts';
export { createScope } from './parameters/scope.ts';
export { declareTask, kindOf, predictionWidth, startOf } from './tasks/task-kind.ts';
export { isLog } from './tasks/prediction-types.ts';
export { calibratedScores, labelEncoder, madeUpLabel, MOST_LABELS, signedExp, signedLog } from './tasks/labels.ts';
export { tensorMath } from './arithmetic/row-math.ts';
export { fittedLoss, lossesFor, checkLoss } from './tasks/losses/loss.ts';
export { groupedTasks, groupLossOf, lossOf, missingGroups } from './tasks/losses/loss-of.ts';
export { checkTasks } from './tasks/check-tasks.ts';
export { checkFeatures } from './features/schema.ts';
export { featureKind, formOf } from './features/feature-kind.ts';
export { declareFeature, declaringOf } from './features/define-feature.ts';
export { scaledNumber } from './features/scale.ts';
export {
  FIRST_CODE,
  firstQuotientRow,
  hashedCodes,
  hashOf,
  isComposed,
  MISSING,
  remaindersOf,
  UNKNOWN,
  vocabularySize,
} from './features/codes.ts';
export {
  BATCH_PARTS,
  byIndexPart,
  featureParts,
  idPlaces,
  INDEX_PARTS,
  isIndexPart,
  presentParts,
} from './features/layout.ts';
export { contextsOf } from './features/context-positions.ts';
export { rowWriter, valueEncoder } from './features/encode-rows.ts';
export { checkLength } from './features/values.ts';
export { parseNumber } from './features/parse-number.ts';
export { ShardedMap } from './features/sharded-map.ts';
export {
  labelsInOrder,
  knownLabels,
  distinctGroups,
  GROUPS,
  batchArrays,
  arraysOf,
  copyBatch,
  sliceBatch,
  padBatch,
  joinBatches,
} from './features/batch.ts';
export { readable } from './features/readable.ts';
export {
  gatheredShape,
  gatherTables,
  copiedRows,
  featureTensors,
  partTensors,
  allParts,
} from './features/batch-tensors.ts';
export { gatherRows, scatterRows, wholeRows } from './memory/copy-rows.ts';
export { EmbeddingTable } from './memory/embedding-table.ts';
export { alignedFloats } from './memory/aligned-floats.ts';
export { createInput } from './inputs/input.ts';
export { anyPooling, poolingForm, poolingSpec } from './features/pooling.ts';
export { pooledNumbers } from './inputs/pooled-numbers.ts';
export { usedIn } from './saving/check-components.ts';
export { couplesOutputs } from './fusion/shares-layers.ts';
export { perTaskCounts } from './fusion/units.ts';
export { visibleExperts } from './fusion/visibility.ts';
export { createExpert } from './fusion/bank.ts';
export { termsOf } from './fusion/gate.ts';
export { createFusionLevel } from './fusion/fusion-level.ts';
export { createNetwork, startLanes, trainerOf } from './fusion/network.ts';
export { networkVariants } from './variants/variants.ts';
export { readDeclaration } from './model/model-declaration.ts';
export { namedLosses, rowLosses, stackLosses, taskLoss, taskLossAt } from './model/losses.ts';
export { logitsByTask, passLogits } from './model/heads.ts';
export { checkCounts } from './saving/check-counts.ts';
export { fusionWeightsOf } from './model/fusion-weights.ts';
export { levelWeightsOf, sumGates } from './model/fusion-weights.ts';
export { WeightTotals } from './model/weight-totals.ts';
export { buildLayer } from './tf-layers/build-layer.ts';
export { isTfLayer } from './tf-layers/tf-layer.ts';
export { grownSchema } from './growing/grow-schema.ts';
export {
  chunksOf,
  contentDigest,
  listFolder,
  moveFolder,
  readBundle,
  readSealed,
  removeFolder,
  sha256Of,
  writeBundle,
  writeSealed,
} from './storage/index.ts';
export { readParameters, readVariables, writeParameters, writeVariables } from './saving/parameters.ts';
export { saveAmong } from './saving/save.ts';
export { repeatRows } from './layers/members.ts';
export { stopGradient, straightThrough } from './arithmetic/stop-gradient.ts';
export { activationName } from './specs/checks.ts';
