export type {
  Contract,
  Gradients,
  GradientsOf,
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
export type { TaskNumbers } from './options.ts';
export { gradientDiagnostics, gramianOf, type GradientDiagnostics } from './gradient-diagnostics.ts';

export { equalWeights } from './losses/equal.ts';
export { plainSum } from './gramian/plain-sum.ts';
export { staticWeights } from './losses/static-weights.ts';
export { decayingWeights, type DecayingWeightsOptions } from './losses/decaying-weights.ts';
export { rlw } from './losses/rlw.ts';
export { dwa, type DwaOptions } from './losses/dwa.ts';
export { uw, type UwOptions } from './losses/uw.ts';
export { imtlL, type ImtlLOptions } from './losses/imtl-l.ts';
export { gls } from './losses/gls.ts';
export { stch, type StchOptions } from './losses/stch.ts';
export { go4Align, type Go4AlignOptions } from './losses/go4-align.ts';
export { famo, type FamoOptions } from './losses/famo.ts';

export { mgda, type MgdaOptions } from './gramian/mgda.ts';
export { pcGrad } from './gramian/pc-grad.ts';
export { caGrad, type CaGradOptions } from './gramian/ca-grad.ts';
export { nashMtl } from './gramian/nash-mtl.ts';
export { imtlG } from './gramian/imtl-g.ts';
export { alignedMtl } from './gramian/aligned-mtl.ts';
export { gradNorm, type GradNormOptions } from './gramian/grad-norm.ts';
export { upGrad } from './gramian/up-grad.ts';
export { dualProj } from './gramian/dual-proj.ts';
export { gradVac, type GradVacOptions } from './gramian/grad-vac.ts';
export { fairGrad, type FairGradOptions } from './gramian/fair-grad.ts';
export { conFig } from './gramian/config.ts';
export { dbMtl } from './gramian/db-mtl.ts';
export { excessMtl, type ExcessMtlOptions } from './gramian/excess-mtl.ts';
export { rotoGradScale } from './gramian/roto-grad-scale.ts';

export { rotoGrad, type RotoGradOptions } from './rotations/roto-grad.ts';
export { turned, rotationPulls, type PullsOptions } from './rotations/turned.ts';

export { gradDrop, type GradDropOptions } from './jacobian/grad-drop.ts';
