export { constantGate, type ConstantGateConfig } from './constant-gate.ts';
export { identityGate, type IdentityGateConfig } from './identity-gate.ts';
export { softmaxGate, type SoftmaxGateConfig } from './softmax-gate.ts';
