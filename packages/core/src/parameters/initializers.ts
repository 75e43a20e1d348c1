import type { RandomStream } from '../random/random-stream.ts';

/**
 * Returns the initial values of a parameter, row-major.
 *
 * @param shape the shape for one expert, gate or layer, without the bank axis
 * @param member the index of the bank's member; 0 outside of a bank
 */
export type Initializer = (shape: readonly number[], random: RandomStream, member: number) => Float32Array;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** All values are 0. */
export const zeros = (): Initializer => (shape) => new Float32Array(sizeOf(shape));

/** All values are `value`. */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** All values are 1. */
export const ones = (): Initializer => constant(1);

/** Uniform values, U(−limit, limit). */
export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    random.uniform(sizeOf(shape), -limit, limit);

/** Normal values, N(0, deviation²). */
export const normal =
  (deviation = 1): Initializer =>
  (shape, random) =>
    random.normal(sizeOf(shape), 0, deviation);

/**
 * Uniform values, U(±1/√fanIn). This is the default of kernels here, as in PyTorch's `nn.Linear` and the AdaTT authors'
 * library.
 */
export const fanInUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(1 / Math.sqrt(shape[0] ?? 1))(shape, ...rest);

/** Uniform values, U(±√(6/(fanIn + fanOut))) (Glorot & Bengio 2010). This is the default of Keras. */
export const glorotUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(Math.sqrt(6 / ((shape[0] ?? 1) + (shape[1] ?? 1))))(shape, ...rest);

/** Normal values, N(0, 2/fanIn) (He et al. 2015). Use it for layers before a ReLU. */
export const heNormal =
  (): Initializer =>
  (shape, ...rest) =>
    normal(Math.sqrt(2 / (shape[0] ?? 1)))(shape, ...rest);
