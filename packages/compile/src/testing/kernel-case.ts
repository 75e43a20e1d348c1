import type * as tf from '@tensorflow/tfjs';
import { sizeOf, valuesOf, type Values } from '../graph/graph.ts';
import type { Tensors } from '../trace.ts';

export type Dtype = 'float32' | 'int32' | 'bool';

export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly data: Values;
}

export interface KernelCase {
  /** The TF.js name of the kernel. */
  readonly kernel: string;
  /** The shapes and attributes of the case. */
  readonly title: string;
  readonly inputs: readonly CaseInput[];
  call(...inputs: tf.Tensor[]): Tensors;
  /** The same computation for the cpu backend of TF.js, when the backend lacks the kernel. */
  eager?(...inputs: tf.Tensor[]): Tensors;
  /** Whether to test the gradient, too. Default true. */
  readonly gradient?: boolean;
  /** Whether to compare types. False where TF.js stores other numbers than 0 and 1 in a bool. Default true. */
  readonly dtypes?: boolean;
  /** Whether to test with constant inputs, too. False for a case that reads variables. Default true. */
  readonly constants?: boolean;
  /** The allowed error, relative to the largest magnitude. Default 1e-5. */
  readonly tolerance?: number;
}

interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** A tensor of random numbers: real from −2 to 2, whole from −5 to 5, or 0 and 1. */
export function input(shape: readonly number[], dtype: Dtype = 'float32', range: Range = {}): CaseInput {
  const reach = dtype === 'float32' ? 2 : 5;
  const { from = -reach, to = reach } = dtype === 'bool' ? { from: 0, to: 1 } : range;
  const numbers = Array.from({ length: sizeOf(shape) }, () => from + (to - from) * next());
  return { shape, dtype, data: valuesOf(dtype === 'float32' ? numbers : numbers.map(Math.round), dtype) };
}

/** An input with fixed numbers. */
export const inputOf = (
  data: readonly number[],
  shape: readonly number[] = [data.length],
  dtype: Dtype = 'float32',
): CaseInput => ({ shape, dtype, data: valuesOf(data, dtype) });

export const DTYPES: readonly Dtype[] = ['float32', 'int32', 'bool'];
export const NUMBERS: readonly Dtype[] = ['float32', 'int32'];

export const row = (
  kernel: string,
  title: string,
  inputs: readonly CaseInput[],
  call: KernelCase['call'],
  more: Partial<KernelCase> = {},
): KernelCase => ({ kernel, title, inputs, call, ...more });

/** A case in several types. */
export const inTypes = (
  kernel: string,
  title: string,
  inputs: (dtype: Dtype) => readonly CaseInput[],
  call: KernelCase['call'],
  dtypes = DTYPES,
): KernelCase[] => dtypes.map((dtype) => row(kernel, `${dtype} ${title}`, inputs(dtype), call));

/** A case of one tensor in several types. */
export const ofOne = (
  kernel: string,
  title: string,
  shape: readonly number[],
  call: (x: tf.Tensor) => Tensors,
  dtypes = DTYPES,
  range: Range = {},
): KernelCase[] =>
  inTypes(
    kernel,
    `[${shape}] ${title}`,
    (dtype) => [input(shape, dtype, range)],
    (x) => call(x!),
    dtypes,
  );

/** Shapes from text: `2,3 4` are [2, 3] and [4], and `-` is []. */
export const shapesOf = (text: string): (readonly number[])[] =>
  text.split(' ').map((shape) => (shape === '-' ? [] : shape.split(',').map(Number)));

export const SHAPES = shapesOf('- 1 5 0 3,4 1,3 2,0 2,3,4 2,1,2,3');

/** Pairs of shapes that broadcast: neither, the left, the right, both; by rank, by sides of one, to nothing. */
export const PAIRS = [
  '- -',
  '3 3',
  '- 2,3',
  '2,3 -',
  '3 2,3',
  '2,3 3',
  '2,1 1,3',
  '2,3,4 3,1',
  '1,2 3,2,1,2',
  '2,1,3,1 1,4,1,2',
  '0 1',
  '2,0 2,1',
].map((pair) => shapesOf(pair) as [readonly number[], readonly number[]]);

/** NaN, the infinities, both zeros, and numbers at the edges of ranges. */
export const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, 1, -1, 1e-6, -1e-6, 30, -30];

let state = 0x9e3779b9;

/** Restarts the sequence, so that a case has the same values in every run. */
export function seed(value: number): void {
  state = value >>> 0;
}

/** The next number of [0, 1) of a fixed sequence that looks random (mulberry32). */
function next(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
