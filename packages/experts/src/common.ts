export { linearExpert, type LinearExpertConfig } from './linear-expert.ts';
export { mlp, type MlpConfig, type MlpOptions } from './mlp.ts';
export { passExpert } from './pass-expert.ts';
