// For Polytask's own packages. Any release may change or remove these exports.
import './index.ts'; // defines the same components, in the same order
export { startOf } from './tasks/task-kind.ts';
export { decodedLabels } from './tasks/decoded-labels.ts';
export { labelTypeOf } from './tasks/label-types.ts';
export { checkNamespace } from './tasks/prediction-types.ts';
export { predictedColumns } from './tasks/task-kind.ts';
export { fittedLoss, checkLoss } from './tasks/losses/loss.ts';
export { scaledNumber, checkLength, isFinite32 } from './features/values.ts';
export { gatherRows, scatterRows, wholeRows } from './memory/copy-rows.ts';
export { alignedFloats } from './memory/aligned-floats.ts';
export { anyPooling, poolingSpec } from './features/pooling.ts';
export { usedIn } from './saving/check-components.ts';
export { visibleExperts } from './fusion/units.ts';
export { createFusionLevel } from './fusion/fusion-level.ts';
export { readDeclaration } from './model/model-declaration.ts';
export { readable } from './model/predictions.ts';
export { labelsIn, namedLosses, stackLosses, taskLoss } from './model/losses.ts';
export { logitsByTask, passedConstants } from './model/heads.ts';
export { checkCounts } from './saving/load.ts';
export { tensorFaults } from './saving/parameters.ts';
export { saveAmong } from './saving/save.ts';
export { newNetwork } from './growing/grow-model.ts';
export { explainerOf } from './explaining/network-values.ts';
export { explainedFeatures } from './explaining/explaining.ts';
