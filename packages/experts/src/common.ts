export { linearExpert, type LinearExpertOptions } from './linear-expert.ts';
export { mlp, type MlpOptions } from './mlp.ts';
export { passExpert } from './pass-expert.ts';
