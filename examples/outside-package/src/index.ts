export { cauchy, type CauchyConfig } from './cauchy.ts';
export { cosineGate, type CosineGateConfig } from './cosine-gate.ts';
export { geometricMean } from './geometric-mean.ts';
export { kan, type KanConfig } from './kan.ts';
export { pooledOwn, type PooledOwnConfig } from './pooled-own.ts';
export { siren, type SirenConfig } from './siren.ts';
export { staticSigmoidGate } from './static-sigmoid-gate.ts';
export { tjur } from './tjur.ts';
