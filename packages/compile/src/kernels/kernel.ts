import type * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../graph/emit.ts';
import type { Value, ValueType } from '../graph/graph.ts';

/** TF.js passes inputs and attributes without types. @typeParam I the names of the inputs that the kernel always has */
interface KernelCall<I extends string, A> {
  readonly emit: Emitter;
  readonly inputs: Readonly<Record<I, Value> & Record<string, Value | undefined>>;
  /** The same inputs, in order. */
  readonly list: readonly Value[];
  readonly attrs: A;
}

type KernelOf<I extends string, A> = (call: KernelCall<I, A>) => Value | readonly Value[];

export type Kernel = KernelOf<never, unknown>;

export type Kernels = Readonly<Record<string, Kernel>>;

/** A kernel of inputs with these names. */
export const ofInputs = <I extends string, A = unknown>(kernel: KernelOf<I, A>): Kernel => kernel as Kernel;

/** A kernel of one tensor, which TF.js calls x. */
export const ofX = <A = unknown>(kernel: (emit: Emitter, x: Value, attrs: A) => Value | readonly Value[]): Kernel =>
  ofInputs<'x', A>(({ emit, inputs, attrs }) => kernel(emit, inputs.x, attrs));

/** The axes of an attribute as numbers of 0 or more, in ascending order. No attribute means all axes. */
export const axesOf = (axis: number | readonly number[] | undefined | null, rank: number): number[] => {
  const list = axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  return (list as number[]).map((each) => (each < 0 ? each + rank : each)).sort((a, b) => a - b);
};

/** Bools count as 0 and 1, as in TF.js. */
export const countable = (emit: Emitter, x: Value): Value => (x.type === 'bool' ? emit.cast(x, 'int32') : x);

/** Runs an operation that ONNX has for real numbers only. The result of integers is rounded towards 0, as in TF.js. */
export function asReal(emit: Emitter, operate: (...reals: Value[]) => Value, ...values: [Value, ...Value[]]): Value {
  const result = operate(...values.map((each) => emit.cast(each, 'float32')));
  return values[0].type === 'float32' ? result : whole(emit, result);
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
