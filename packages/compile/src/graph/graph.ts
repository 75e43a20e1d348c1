import * as tf from '@tensorflow/tfjs-core';
import { CompileError } from '../compile-error.ts';

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, i) => side === b[i]);

/** A shape with dimensions of 1 in front, so that it has this rank. */
export const withRank = (rank: number, shape: readonly number[]): number[] => [
  ...new Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/** The shape that two shapes broadcast to, by NumPy's rules. @throws Error when they don't */
export const broadcastShape = (a: readonly number[], b: readonly number[]): number[] =>
  tf.backend_util.assertAndGetBroadcastShape([...a], [...b]);

/** An order of axes, as ONNX and NumPy write it: axis `i` of the result is axis `perm[i]` of the source. */
export type Permutation = readonly number[];

/** A list with one element per axis (a shape, for instance), in the order of a permutation. */
export const permuted = <T>(list: readonly T[], perm: Permutation): T[] => perm.map((axis) => list[axis]!);

export const inverse = (perm: Permutation): number[] => perm.map((_, axis) => perm.indexOf(axis));

export const compose = (first: Permutation, second: Permutation): number[] => permuted(first, second);

export const isIdentity = (perm: Permutation): boolean => perm.every((axis, i) => axis === i);

export const lastTwoSwapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));

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

export interface ValueSpec {
  readonly type: ValueType;
  readonly shape: readonly number[];
}

/** A tensor in the graph: an input, a constant, or the result of a node. */
export interface Value extends ValueSpec {
  readonly id: number;
  readonly constant?: Values;
  /** The random operation that drew the numbers, when the tensor is a random constant. No node may read one. */
  readonly drawnBy?: string;
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

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Whether an input of a node is a tensor, and no int64 constant. */
export const isValue = (input: Value | Int64Constant): input is Value => !('int64' in input);

/** Numbers in the typed array of a tensor type. Floats become integers as in TF.js: rounded towards 0, and NaN is 0. */
export function valuesOf(numbers: ArrayLike<number>, type: ValueType): Values {
  const Numbers = arrayOf(type);
  return numbers instanceof Numbers ? numbers : Numbers.from(numbers);
}

const arrayOf = (type: ValueType) => (type === 'float32' ? Float32Array : type === 'int32' ? Int32Array : Uint8Array);

/** A graph under construction. Equal operations become one node, and equal constants one where they are short or uniform. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly #results = new Map<string, readonly Value[]>();
  readonly #constants = new Map<string, Value>();
  readonly #producers: Node[] = [];
  #nextId = 0;

  /** @throws Error when an input has that name already */
  input(name: string, spec: ValueSpec): Value {
    if (this.inputs.some((each) => each.input === name)) {
      throw new Error(`Two inputs of the graph are called "${name}": give one of them another name.`);
    }
    const value: Value = { id: this.#nextId++, type: spec.type, shape: [...spec.shape], input: name };
    this.inputs.push(value);
    return value;
  }

  constant(values: Values, { type, shape }: ValueSpec): Value {
    const key = constantKey(values, { type, shape });
    const existing = key && this.#constants.get(key);
    if (existing) return existing;
    const value: Value = { id: this.#nextId++, type, shape: [...shape], constant: values };
    if (key) this.#constants.set(key, value);
    return value;
  }

  /** A constant of random numbers. Unlike other constants, it is never shared: equal numbers may have another source. */
  randomConstant(values: Values, { type, shape }: ValueSpec, drawnBy: string): Value {
    return { id: this.#nextId++, type, shape: [...shape], constant: values, drawnBy };
  }

  /** A constant of int32 values. Default shape: [length]. */
  int32(numbers: Iterable<number>, shape?: readonly number[]): Value {
    const values = Int32Array.from(numbers);
    return this.constant(values, { type: 'int32', shape: shape ?? [values.length] });
  }

  scalar(value: number, type: ValueType = 'float32'): Value {
    return this.constant(valuesOf([value], type), { type, shape: [] });
  }

  filled(value: number, spec: ValueSpec): Value {
    const values = new (arrayOf(spec.type))(sizeOf(spec.shape));
    return this.constant(values.fill(value), spec);
  }

  op(op: string, inputs: readonly (Value | Int64Constant)[], spec: ValueSpec, attributes: Attributes = {}): Value {
    return this.ops(op, inputs, [spec], attributes)[0]!;
  }

  /** Adds an operation with several results. Empty results become constants. */
  ops(
    op: string,
    inputs: readonly (Value | Int64Constant)[],
    specs: readonly ValueSpec[],
    attributes: Attributes = {},
  ): readonly Value[] {
    if (specs.every(({ shape }) => sizeOf(shape) === 0)) return specs.map((spec) => this.filled(0, spec));
    const key = keyOf(op, inputs, specs, attributes);
    const existing = this.#results.get(key);
    if (existing) return existing;
    const outputs = specs.map((spec): Value => ({ id: this.#nextId++, type: spec.type, shape: [...spec.shape] }));
    const node: Node = { op, inputs, attributes, outputs };
    this.nodes.push(node);
    for (const { id } of outputs) this.#producers[id] = node;
    this.#results.set(key, outputs);
    return outputs;
  }

  /** The node that computes a value, when it has this operation. Undefined for other operations, inputs and constants. */
  producer(value: Value, op: string): Node | undefined {
    const node = this.#producers[value.id];
    return node?.op === op ? node : undefined;
  }

  /** The tensor that was transposed to this value; undefined when no Transpose computes the value. */
  transposed(value: Value): Transposition | undefined {
    const node = this.producer(value, 'Transpose');
    return node && { source: node.inputs[0] as Value, perm: permOf(node) };
  }

  /** The tensor that was reshaped to this value; undefined when no Reshape computes the value. */
  reshaped(value: Value): Value | undefined {
    return this.producer(value, 'Reshape')?.inputs[0] as Value | undefined;
  }

  /** The result of an operation on x, when the graph has this operation and the result has the type and shape of x. */
  resultOf(op: string, x: Value): Value | undefined {
    return this.#results.get(keyOf(op, [x], [x], {}))?.[0];
  }
}

function keyOf(
  op: string,
  inputs: readonly (Value | Int64Constant)[],
  specs: readonly ValueSpec[],
  attributes: Attributes,
): string {
  const names = inputs.map((input) =>
    isValue(input) ? input.id : `${input.scalar ? 's' : 'i'}${input.int64.join('_')}`,
  );
  const results = specs.map(({ type, shape }) => `${type}[${shape}]`);
  return `${op}(${names.join()})${isEmpty(attributes) ? '' : JSON.stringify(attributes)}${results.join()}`;
}

/** Whether there are none, as for most operations: writing `{}` takes longer than to look. */
function isEmpty(attributes: Attributes): boolean {
  for (const _ in attributes) return false;
  return true;
}

/** Constants with more numbers get no key, as comparing them would cost more than it saves. */
const LONGEST_KEY = 16;

/** A key that equal constants share. Undefined for a long constant that has several numbers. */
function constantKey(values: Values, { type, shape }: ValueSpec): string | undefined {
  const written = (value: number) => (Object.is(value, -0) ? '-0' : `${value}`);
  if (values.length <= LONGEST_KEY) return `${type}[${shape}]${Array.from(values, written).join()}`;
  const repeated = repeatedNumber(values);
  return repeated === undefined ? undefined : `${type}[${shape}]all ${written(repeated)}`;
}

const repeatedNumber = (values: Values): number | undefined =>
  values.every((value) => Object.is(value, values[0])) ? values[0] : undefined;

/** The number that a constant repeats. Undefined when the numbers differ, and for a value that is no constant. */
export const uniformOf = ({ constant }: Value): number | undefined => constant && repeatedNumber(constant);

/** A named result of a graph. */
export interface Output {
  readonly name: string;
  readonly value: Value;
}

/** A graph with its named results. `trace` returns one, and `writeModel` takes one. */
export interface Recorded {
  readonly graph: Graph;
  readonly outputs: readonly Output[];
}

/** The nodes that the outputs depend on, in the order of the graph. Their inputs come before them. */
export function liveNodes({ graph, outputs }: Recorded): Node[] {
  const needed = new Set(outputs.map(({ value }) => value.id));
  const live: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    live.push(node);
    for (const input of node.inputs) if (isValue(input)) needed.add(input.id);
  }
  return live.reverse();
}

/** The inputs of a node that are tensors, without the int64 constants. */
export const operandsOf = ({ inputs }: Node): readonly Value[] => inputs.filter(isValue);

/** The axis of a Gather, Concat, Split or Softmax. */
export const axisOf = ({ attributes }: Node): number => attributes['axis'] as number;

export const permOf = ({ attributes }: Node): Permutation => attributes['perm'] as Permutation;

/** Whether a reduction keeps the reduced axes as dimensions of 1. */
export const keepsDims = ({ attributes }: Node): boolean => attributes['keepdims'] === 1;

export interface Transposition {
  readonly source: Value;
  readonly perm: Permutation;
}
