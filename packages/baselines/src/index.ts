export type { ExpertLevel, GatedLevel } from './levels.ts';
export { singleTask, type SingleTaskConfig } from './single-task.ts';
export { sharedBottom, type SharedBottomConfig } from './shared-bottom.ts';
export { crossStitch, type CrossStitchConfig } from './cross-stitch.ts';
export { mmoe, type MmoeConfig, type MmoeLevel } from './mmoe.ts';
export { cgc, ple, type PleConfig, type PleLevel } from './ple.ts';
export { logisticRegression, noFusion } from './logistic-regression.ts';
export { oneHot } from './one-hot.ts';
export { canBoost } from './boosting/can-boost.ts';
export { binned, type BinnedConfig } from './boosting/binned.ts';
export { boostedTrees, gradientBoosting, type BoostedTreesConfig } from './boosting/boosted-trees.ts';
export { omoe, type OmoeConfig, type OmoeLevel } from './omoe.ts';
export { sluice, type SluiceConfig } from './sluice.ts';
export { orthogonality, type OrthogonalityConfig } from './orthogonality.ts';
export { mtan, type MtanConfig } from './mtan.ts';
export { snrAver, snrTrans, type SnrConfig, type SnrLevel } from './snr.ts';
export { softOrdering, type SoftOrderingConfig } from './soft-ordering.ts';
export { adaShare, type AdaShareConfig } from './ada-share.ts';
export { uberNet, type UberNetConfig } from './uber-net.ts';
export { multiTab, type MultiTabConfig } from './multi-tab.ts';
export { pepnet, type PepnetConfig } from './pepnet.ts';
export { starNetwork, type StarNetworkConfig } from './star-network.ts';
export { adaptDhm, type AdaptDhmConfig } from './adapt-dhm.ts';
export { sarNet, type SarNetConfig } from './sar-net.ts';
export { hinet, type HinetConfig } from './hinet.ts';
export { m3oe, type M3oeConfig } from './m3oe.ts';
export { stem, type StemConfig, type StemLevel } from './stem.ts';
export { home, type HomeConfig, type HomeLevel } from './home.ts';
export { esmm, type EsmmConfig } from './esmm.ts';
export { aitm, type AitmConfig } from './aitm.ts';
export { escm2, type Escm2Config } from './escm2.ts';
export { dcmt, type DcmtConfig } from './dcmt.ts';
export { dbmtl, type DbmtlConfig } from './dbmtl.ts';
export {
  ensemble,
  ensembleInput,
  type EnsembleConfig,
  type EnsembleInputConfig,
  type EnsembleMember,
} from './ensemble.ts';
export { ensembleOf, type WeightedModel } from './ensemble-of.ts';
export { branched, type BranchedConfig, type Groups } from './branched.ts';
export { taskAffinity, type TaskAffinity } from './task-affinity.ts';
export { branchesOf } from './branches-of.ts';
export { learnedBranching, type BranchingLevel, type LearnedBranchingConfig } from './learned-branching.ts';
export { relationshipNetwork, type RelationshipNetworkConfig } from './relationship-network.ts';
export { tensorNormal, type TensorNormalConfig } from './tensor-normal.ts';
export { taskCovariance, type TaskCovariance } from './task-covariance.ts';
