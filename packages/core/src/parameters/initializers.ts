import type { RandomStream } from '../random/random-stream.ts';

/**
 * Gives a parameter's first values.
 *
 * @param shape that of one expert, gate or layer, never of a bank
 * @param member which of the bank's members it is for; 0 outside of a bank
 */
export type Initializer = (shape: readonly number[], random: RandomStream, member: number) => Float32Array;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

export const zeros = (): Initializer => (shape) => new Float32Array(sizeOf(shape));

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

export const ones = (): Initializer => constant(1);

/** U(−limit, limit). */
export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    random.uniform(sizeOf(shape), -limit, limit);

/** N(0, deviation²). */
export const normal =
  (deviation = 1): Initializer =>
  (shape, random) =>
    random.normal(sizeOf(shape), 0, deviation);

/** U(±1/√fanIn): the start of PyTorch's `nn.Linear`, and so of the authors' AdaTT library; the default of kernels here. */
export const fanInUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(1 / Math.sqrt(shape[0] ?? 1))(shape, ...rest);

/** U(±√(6/(fanIn + fanOut))) (Glorot & Bengio 2010), the default of Keras. */
export const glorotUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(Math.sqrt(6 / ((shape[0] ?? 1) + (shape[1] ?? 1))))(shape, ...rest);

/** N(0, 2/fanIn) (He et al. 2015), for layers before a ReLU. */
export const heNormal =
  (): Initializer =>
  (shape, ...rest) =>
    normal(Math.sqrt(2 / (shape[0] ?? 1)))(shape, ...rest);
