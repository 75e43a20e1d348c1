export { constantGate, type ConstantGateOptions } from './constant-gate.ts';
export { identityGate } from './identity-gate.ts';
export { softmaxGate, type SoftmaxGateOptions } from './softmax-gate.ts';
