import type { Draws } from '../random/random.ts';

/** The initial values of a parameter, row-major. `shape` is without the bank axis; `member` is 0 outside of a bank. */
export type Initializer = (shape: readonly number[], random: Draws, member: number) => Float32Array;

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** All values are 0. @example scope.weight('kernel', [4, 2], zeros()) */
export const zeros = (): Initializer => (shape) => new Float32Array(sizeOf(shape));

/** All values are `value`. @example scope.bias('scale', 4, constant(0.5)) */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** All values are 1. @example scope.bias('gamma', 4, ones()) */
export const ones = (): Initializer => constant(1);

/** Random signs: each value is 1 or −1, with equal probability. @example scope.bias('scale', 4, randomSigns()) */
export const randomSigns = (): Initializer => (shape, random) =>
  random.uniform(sizeOf(shape), -1, 1).map((u) => (u < 0 ? -1 : 1));

/** Uniform values, U(−limit, limit). @example scope.weight('table', [100, 8], uniform(0.05)) */
export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    random.uniform(sizeOf(shape), -limit, limit);

/** Normal values, N(0, deviation²). @example scope.weight('table', [100, 8], normal(0.01)) */
export const normal =
  (deviation = 1): Initializer =>
  (shape, random) =>
    random.normal(sizeOf(shape), 0, deviation);

/** U(±1/√fanIn), the default of kernels, as in PyTorch's `nn.Linear`. @example scope.weight('kernel', [4, 2], fanInUniform()) */
export const fanInUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(1 / Math.sqrt(shape[0] ?? 1))(shape, ...rest);

/** U(±√(6/(fanIn + fanOut))) (Glorot & Bengio 2010), the default of Keras. @example scope.weight('kernel', [4, 2], glorotUniform()) */
export const glorotUniform =
  (): Initializer =>
  (shape, ...rest) =>
    uniform(Math.sqrt(6 / ((shape[0] ?? 1) + (shape[1] ?? 1))))(shape, ...rest);

/** N(0, 2/fanIn) (He et al. 2015), for layers before a ReLU. @example scope.weight('kernel', [4, 2], heNormal()) */
export const heNormal =
  (): Initializer =>
  (shape, ...rest) =>
    normal(Math.sqrt(2 / (shape[0] ?? 1)))(shape, ...rest);
