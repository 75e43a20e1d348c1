import { binary } from './binary.ts';
import { constants } from './constants.ts';
import { elementwise } from './elementwise.ts';
import { indices } from './indices.ts';
import type { Kernels } from './kernel.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { scatters } from './scatter.ts';
import { shapes } from './shapes.ts';

export type { Kernel } from './kernel.ts';

/** All kernels that can be traced, by their TF.js names. */
export const kernels: Kernels = {
  ...elementwise,
  ...binary,
  ...reductions,
  ...shapes,
  ...products,
  ...indices,
  ...scatters,
  ...constants,
};
