/** The types of TF.js, and the int64 that some ONNX operations want as indices. */
export type ValueType = 'float32' | 'int32' | 'bool' | 'int64';

export type Values = Float32Array | Int32Array | Uint8Array;

/** Attributes of an ONNX node: whole numbers, lists of them, and (as `{ float }`) real numbers. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

/** A tensor in the graph: an input, a constant, or what a node gives. */
export interface Value {
  readonly id: number;
  readonly type: ValueType;
  readonly shape: readonly number[];
  /** Its numbers, when they are known now. */
  readonly constant?: Values;
  /** The input's name, when it is one. */
  readonly input?: string;
}

/** An ONNX operation on values. int64 constants (axes, shapes) are kept beside the values that they go with. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly (Value | Int64Constant)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** Axes, shapes and indices of ONNX operations, which are int64 and never computed here. */
export interface Int64Constant {
  readonly int64: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export const isValue = (input: Value | Int64Constant): input is Value => !('int64' in input);
