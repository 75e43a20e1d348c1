import type * as tf from '@tensorflow/tfjs-core';
import { CompileError } from '../compile-error.ts';

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
