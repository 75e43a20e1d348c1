import type { Entry } from './entry.ts';

/** What the experts of `@polytask/experts` are. */
export const experts: readonly Entry[] = [
  { name: 'linear', description: 'an affine map' },
  { name: 'mlp', description: 'layers of affine map, normalisation, activation and dropout' },
  { name: 'tf-layer', description: 'any tf.layers.Layer' },
];
