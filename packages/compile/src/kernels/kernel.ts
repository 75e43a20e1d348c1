import type * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import type { Value, ValueType } from '../graph/graph.ts';

export interface KernelCall<A = unknown> {
  readonly emit: Emitter;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly list: readonly Value[];
  readonly attrs: A;
}

export type Kernel = (call: KernelCall) => Value | readonly Value[];

export type Kernels = Readonly<Record<string, Kernel>>;

/** Gives a type to the attributes of a kernel. TF.js passes them without a type. */
export const withAttrs = <A>(kernel: (call: KernelCall<A>) => Value | readonly Value[]): Kernel => kernel as Kernel;

/** A kernel of one tensor, which TF.js calls x. */
export const ofX =
  <A = unknown>(kernel: (emit: Emitter, x: Value, attrs: A) => Value | readonly Value[]): Kernel =>
  ({ emit, inputs, attrs }) =>
    kernel(emit, inputs['x']!, attrs as A);

/** The axes of an attribute as numbers of 0 or more, in ascending order. No attribute means all axes. */
export const axesOf = (axis: number | readonly number[] | undefined | null, rank: number): number[] => {
  const list = axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return (list as number[]).map((each) => (each < 0 ? each + rank : each)).sort((a, b) => a - b);
};

/** Bools count as 0 and 1, as in TF.js. */
export const countable = (emit: Emitter, x: Value): Value => (x.type === 'bool' ? emit.cast(x, 'int32') : x);

/** Runs an operation that ONNX has for real numbers only. The result of integers is rounded towards 0, as in TF.js. */
export function asReal(emit: Emitter, x: Value, operate: (real: Value) => Value): Value {
  const result = operate(emit.cast(x, 'float32'));
  return x.type === 'float32' ? result : whole(emit, result);
}

/** A tensor as int32, rounded towards 0. NaN, infinities and numbers outside of int32 become 0. */
export function whole(emit: Emitter, x: Value): Value {
  const size = emit.unary('Abs', emit.cast(x, 'float32'));
  const fits = emit.binary('Less', size, emit.graph.scalar(2 ** 31), 'bool');
  return emit.cast(emit.where(fits, x, zero(emit, x.type)), 'int32');
}

/** 0 as a tensor of rank 0 and of any type. */
export const zero = (emit: Emitter, type: ValueType): Value =>
  emit.cast(emit.graph.scalar(0, type === 'float32' ? type : 'int32'), type);

/** A value for the functions of TF.js that read the shape of a tensor. */
export const tensorLike = ({ shape }: Value): tf.Tensor =>
  ({ dataId: {}, shape: [...shape], rank: shape.length, dtype: 'float32' }) as unknown as tf.Tensor;
