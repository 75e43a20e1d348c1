export type { LevelsOptions, PooledLevelsOptions } from './levels.ts';
export type { FunnelNetworkOptions } from './funnel.ts';
export { singleTask } from './single-task.ts';
export { sharedBottom } from './shared-bottom.ts';
export { crossStitch, type CrossStitchOptions } from './cross-stitch.ts';
export { mmoe } from './mmoe.ts';
export { cgc, ple, type PleOptions, type PleLevel } from './ple.ts';
export { logisticRegression, noFusion, oneHot } from './logistic-regression.ts';
export { canBoost } from './boosting/can-boost.ts';
export { binned, type BinnedOptions } from './boosting/binned.ts';
export { boostedTrees, gradientBoosting } from './boosting/boosted-trees.ts';
export { omoe } from './omoe.ts';
export { sluice, type SluiceOptions } from './sluice.ts';
export { orthogonality, type OrthogonalityOptions } from './orthogonality.ts';
export { mtan, type MtanOptions } from './mtan.ts';
export { snrAver, snrTrans, type SnrOptions } from './snr.ts';
export { softOrdering, type SoftOrderingOptions } from './soft-ordering.ts';
export { adaShare, type AdaShareOptions } from './ada-share.ts';
export { uberNet, type UberNetOptions } from './uber-net.ts';
export { multiTab, type MultiTabOptions } from './multi-tab.ts';
export { pepnet, type PepnetOptions } from './pepnet.ts';
export { star, type StarOptions } from './star.ts';
export { adaptDhm, type AdaptDhmOptions } from './adapt-dhm.ts';
export { sarNet, type SarNetOptions } from './sar-net.ts';
export { hinet, type HinetOptions } from './hinet.ts';
export { m3oe, type M3oeOptions } from './m3oe.ts';
export { stem, type StemOptions } from './stem.ts';
export { home, type HomeOptions } from './home.ts';
export { esmm } from './esmm.ts';
export { aitm, type AitmOptions } from './aitm.ts';
export { escm2, type Escm2Options } from './escm2.ts';
export { dcmt, type DcmtOptions } from './dcmt.ts';
export { dbmtl, type DbmtlOptions } from './dbmtl.ts';
export { ensemble, ensembleInput, type EnsembleOptions, type EnsembleInputOptions } from './ensemble.ts';
export { ensembleOf, type WeightedModel } from './ensemble-of.ts';
export { branched, type BranchedOptions, type Groups } from './branched.ts';
export { taskAffinity, type TaskAffinity, branchesOf } from './task-affinity.ts';
export { learnedBranching, type LearnedBranchingOptions } from './learned-branching.ts';
export {
  relationshipNetwork,
  type RelationshipNetworkOptions,
  taskCovariance,
  type TaskCovariance,
} from './relationship-network.ts';
export { tensorNormal, type TensorNormalOptions } from './tensor-normal.ts';
