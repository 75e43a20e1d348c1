export type { ExpertLevel, GatedLevel } from './levels.ts';
export { singleTask, type SingleTaskOptions } from './single-task.ts';
export { sharedBottom, type SharedBottomOptions } from './shared-bottom.ts';
export { crossStitch, type CrossStitchOptions } from './cross-stitch.ts';
export { mmoe, type MmoeOptions, type MmoeLevel } from './mmoe.ts';
export { cgc, ple, type PleOptions, type PleLevel } from './ple.ts';
export { logisticRegression, noFusion } from './logistic-regression.ts';
export { oneHot } from './one-hot.ts';
export { canBoost } from './boosting/can-boost.ts';
export { binned, type BinnedOptions } from './boosting/binned.ts';
export { boostedTrees, gradientBoosting, type BoostedTreesOptions } from './boosting/boosted-trees.ts';
export { omoe, type OmoeOptions, type OmoeLevel } from './omoe.ts';
export { sluice, type SluiceOptions } from './sluice.ts';
export { orthogonality, type OrthogonalityOptions } from './orthogonality.ts';
export { mtan, type MtanOptions } from './mtan.ts';
export { snrAver, snrTrans, type SnrOptions, type SnrLevel } from './snr.ts';
export { softOrdering, type SoftOrderingOptions } from './soft-ordering.ts';
export { adaShare, type AdaShareOptions } from './ada-share.ts';
export { uberNet, type UberNetOptions } from './uber-net.ts';
export { multiTab, type MultiTabOptions } from './multi-tab.ts';
export { pepnet, type PepnetOptions } from './pepnet.ts';
export { starNetwork, type StarNetworkOptions } from './star-network.ts';
export { adaptDhm, type AdaptDhmOptions } from './adapt-dhm.ts';
export { sarNet, type SarNetOptions } from './sar-net.ts';
export { hinet, type HinetOptions } from './hinet.ts';
export { m3oe, type M3oeOptions } from './m3oe.ts';
export { stemNetwork, type StemOptions, type StemLevel } from './stem.ts';
export { homeNetwork, type HomeOptions, type HomeLevel } from './home.ts';
export { esmm, type EsmmOptions } from './esmm.ts';
export { aitm, type AitmOptions } from './aitm.ts';
export { escm2, type Escm2Options } from './escm2.ts';
export { dcmt, type DcmtOptions } from './dcmt.ts';
export { dbmtl, type DbmtlOptions } from './dbmtl.ts';
export {
  ensemble,
  ensembleInput,
  type EnsembleOptions,
  type EnsembleInputOptions,
  type EnsembleMember,
} from './ensemble.ts';
export { ensembleOf, type WeightedModel } from './ensemble-of.ts';
export { branched, type BranchedOptions, type Groups } from './branched.ts';
export { taskAffinity, type TaskAffinity } from './task-affinity.ts';
export { branchesOf } from './branches-of.ts';
export { learnedBranching, type BranchingLevel, type LearnedBranchingOptions } from './learned-branching.ts';
export { relationshipNetwork, type RelationshipNetworkOptions } from './relationship-network.ts';
export { tensorNormal, type TensorNormalOptions } from './tensor-normal.ts';
export { taskCovariance, type TaskCovariance } from './task-covariance.ts';
