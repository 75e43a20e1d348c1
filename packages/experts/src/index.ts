export * from './common.ts';
export { layerExpert, type LayerExpertConfig } from './layer-expert.ts';
export { crossNetwork, type CrossNetworkConfig } from './cross-network.ts';
export { factorizationMachine, type FactorizationMachineConfig } from './factorisation-machine.ts';
export { residualMlp, type ResidualMlpConfig } from './residual-mlp.ts';
export { gatedExpert, type GatedExpertConfig } from './gated-expert.ts';
export { fieldAttention, type FieldAttentionConfig } from './field-attention.ts';
export { sequence, type SequenceConfig } from './sequence.ts';
