export type {
  Contract,
  Gradients,
  GramianRule,
  Jacobian,
  JacobianRule,
  Json,
  TaskLosses,
  LossRule,
  Moment,
  TrainingPosition,
  Random,
  Seen,
  Turning,
} from './contracts.ts';
export {
  balancerNeeds,
  defineGramianBalancer,
  defineJacobianBalancer,
  defineLossBalancer,
  type BalancerNeeds,
  type BalancerFactory,
  type BalancerSpec,
  type BalancerVariant,
  type DefineBalancerOptions,
  type GramianOptions,
} from './define.ts';
export {
  createBalancer,
  type Balancer,
  type BalancerOf,
  type BalancerOptions,
  type GramianBalancer,
  type JacobianBalancer,
  type LossBalancer,
} from './balancer.ts';
export { gradientDiagnostics, gramianOf, type GradientDiagnostics } from './gradient-diagnostics.ts';

export {
  decayingWeights,
  equalWeights,
  plainSum,
  rlw,
  staticWeights,
  type DecayingWeightsOptions,
  type TaskNumbers,
} from './given-weights.ts';
export { dwa, type DwaOptions } from './losses/dwa.ts';
export { imtlL, uw, type ImtlLOptions, type UwOptions } from './losses/learned-scales.ts';
export { gls } from './losses/gls.ts';
export { stch, type StchOptions } from './losses/stch.ts';
export { go4Align, type Go4AlignOptions } from './losses/go4-align.ts';
export { famo, type FamoOptions } from './losses/famo.ts';

export { mgda, type MgdaOptions } from './gramian/mgda.ts';
export { gradVac, pcGrad, type GradVacOptions } from './gramian/pc-grad.ts';
export { caGrad, type CaGradOptions } from './gramian/ca-grad.ts';
export { fairGrad, nashMtl, type FairGradOptions } from './gramian/fair-shares.ts';
export { imtlG } from './gramian/imtl-g.ts';
export { alignedMtl, conFig } from './gramian/aligned-mtl.ts';
export { gradNorm, type GradNormOptions } from './gramian/grad-norm.ts';
export { dualProj, upGrad } from './gramian/dual-cone.ts';
export { dbMtl } from './gramian/db-mtl.ts';
export { excessMtl, type ExcessMtlOptions } from './gramian/excess-mtl.ts';

export { rotoGrad, rotoGradScale, type RotoGradOptions } from './rotations/roto-grad.ts';
export { turned, rotationPulls, type PullsOptions } from './rotations/turned.ts';

export { gradDrop, type GradDropOptions } from './jacobian/grad-drop.ts';
