export type { LevelsOptions, PooledLevelsOptions } from './levels.ts';
export type { FunnelNetworkOptions } from './funnel.ts';
export { crossStitch, sharedBottom, singleTask, type CrossStitchOptions } from './single-task.ts';
export { mmoe, omoe } from './mmoe.ts';
export { cgc, ple, stem, type PleOptions, type PleLevel, type StemOptions } from './ple.ts';
export { logisticRegression, noFusion, oneHot } from './logistic-regression.ts';
export { canBoost } from './boosting/can-boost.ts';
export { binned, type BinnedOptions } from './boosting/binned.ts';
export { boostedTrees, gradientBoosting } from './boosting/boosted-trees.ts';
export { sluice, type SluiceOptions } from './sluice.ts';
export { orthogonality, tensorNormal, type OrthogonalityOptions, type TensorNormalOptions } from './penalties.ts';
export { mtan, type MtanOptions } from './mtan.ts';
export { snrAver, snrTrans, type SnrOptions } from './snr.ts';
export { softOrdering, type SoftOrderingOptions } from './soft-ordering.ts';
export { adaShare, type AdaShareOptions } from './ada-share.ts';
export { uberNet, type UberNetOptions } from './uber-net.ts';
export { multiTab, type MultiTabOptions } from './multi-tab.ts';
export { pepnet, type PepnetOptions } from './pepnet.ts';
export { adaptDhm, star, type AdaptDhmOptions, type StarOptions } from './star.ts';
export { sarNet, type SarNetOptions } from './sar-net.ts';
export { hinet, type HinetOptions } from './hinet.ts';
export { m3oe, type M3oeOptions } from './m3oe.ts';
export { home, type HomeOptions } from './home.ts';
export { esmm } from './funnel.ts';
export { aitm, type AitmOptions } from './aitm.ts';
export { dcmt, escm2, type DcmtOptions, type Escm2Options } from './counterfactual.ts';
export { dbmtl, type DbmtlOptions } from './dbmtl.ts';
export { ensemble, ensembleInput, type EnsembleOptions, type EnsembleInputOptions } from './ensemble.ts';
export { ensembleOf, membersOf, type WeightedModel } from './ensemble-of.ts';
export { branched, type BranchedOptions, type Groups } from './branched.ts';
export { taskAffinity, type TaskAffinity, branchesOf } from './task-affinity.ts';
export { learnedBranching, type LearnedBranchingOptions } from './learned-branching.ts';
export {
  relationshipNetwork,
  type RelationshipNetworkOptions,
  taskCovariance,
  type TaskCovariance,
} from './relationship-network.ts';
