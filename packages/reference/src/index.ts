export { fromReference, type FromReferenceOptions } from './from-reference.ts';
export { configurationOf, toReference } from './to-reference.ts';
export { checkConfiguration, type ReferenceAdam, type ReferenceConfiguration } from './configuration.ts';
export type { NamedTensors } from './pairing.ts';
