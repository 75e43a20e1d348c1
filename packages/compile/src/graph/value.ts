import type * as tf from '@tensorflow/tfjs-core';
import { CompileError } from '../compile-error.ts';

/** Whether two shapes, or other lists of numbers, are equal. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, i) => side === b[i]);

/** A shape with dimensions of 1 in front, so that it has this rank. */
export const withRank = (rank: number, shape: readonly number[]): number[] => [
  ...new Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/**
 * The shape that two shapes broadcast to, by NumPy's rules.
 *
 * @throws Error when they don't broadcast
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const right = withRank(rank, b);
  return withRank(rank, a).map((x, i) => {
    const y = right[i]!;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`Shapes [${a}] and [${b}] don't broadcast.`);
    return x === 1 ? y : x;
  });
}

/** An order of axes, as ONNX and NumPy write it: axis `i` of the result is axis `perm[i]` of the source. */
export type Permutation = readonly number[];

/** A list with one element per axis (a shape, for instance), in the order of a permutation. */
export const permuted = <T>(list: readonly T[], perm: Permutation): T[] => perm.map((axis) => list[axis]!);

/** The permutation that undoes another one. */
export const inverse = (perm: Permutation): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** One permutation that does `first` and then `second`. */
export const compose = (first: Permutation, second: Permutation): number[] => permuted(first, second);

/** Whether a permutation leaves all axes in place. */
export const isIdentity = (perm: Permutation): boolean => perm.every((axis, i) => axis === i);

export const lastTwoSwapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

/** Whether each axis is greater than the one before it. */
export const isAscending = (axes: readonly number[]): boolean =>
  axes.every((axis, i) => i === 0 || axes[i - 1]! < axis);

/** The types of TF.js, int64 for indices of ONNX operations, and float64 where float32 is not exact enough. */
export type ValueType = 'float32' | 'int32' | 'bool' | 'int64' | 'float64';

/** @throws CompileError for tensors of texts and complex numbers */
export function typeOf(dtype: tf.DataType): ValueType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new CompileError(`A tensor of dtype ${dtype} can't be compiled: float32, int32 and bool can.`);
}

/** The numbers of a constant or of a tensor in memory. Bools are 0 and 1. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Attributes of an ONNX node: integers, lists of integers, strings, and floats as `{ float }`. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

/** The type and shape of a tensor. */
export interface ValueSpec {
  readonly type: ValueType;
  readonly shape: readonly number[];
}

/** A tensor in the graph: an input, a constant, or the result of a node. */
export interface Value extends ValueSpec {
  readonly id: number;
  /** The numbers, when the tensor is a constant. */
  readonly constant?: Values;
  /** The random operation that drew the numbers, when the tensor is a random constant. No node may read one. */
  readonly drawnBy?: string;
  /** The name, when the tensor is an input. */
  readonly input?: string;
}

/** An ONNX operation. Its inputs are tensors and int64 constants (axes, shapes). */
export interface Node {
  readonly op: string;
  readonly inputs: readonly (Value | Int64Constant)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** Axes, shapes and indices of an ONNX operation. */
export interface Int64Constant {
  readonly int64: readonly number[];
  /** True for a tensor of rank 0, as some operations need. */
  readonly scalar?: true;
}

/** The number of elements of a tensor. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Whether an input of a node is a tensor, and no int64 constant. */
export const isValue = (input: Value | Int64Constant): input is Value => !('int64' in input);

/** Numbers in the typed array of a tensor type. Floats become integers as in TF.js: rounded towards 0, and NaN is 0. */
export function valuesOf(numbers: ArrayLike<number>, type: ValueType): Values {
  const Numbers = arrayOf(type);
  return numbers instanceof Numbers ? numbers : Numbers.from(numbers);
}

/** An array that repeats one number. */
export const filledValues = (length: number, value: number, type: ValueType): Values =>
  new (arrayOf(type))(length).fill(value);

const arrayOf = (type: ValueType) => (type === 'float32' ? Float32Array : type === 'int32' ? Int32Array : Uint8Array);
