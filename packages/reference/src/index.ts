export { fromReference, type FromReferenceOptions } from './from-reference.ts';
export { toReference } from './to-reference.ts';
export { configurationOf } from './reading/configuration-of.ts';
export { checkConfiguration, type ReferenceAdam, type ReferenceConfiguration } from './configuration.ts';
export type { NamedTensors } from './pairing.ts';
