import type { Coefficients } from '../optimizer.ts';

/** Updates buffers in place with the coefficients of a step. */
export type Sweep = (coefficients: Coefficients) => void;
