/** The types of TF.js, the int64 that some ONNX operations want as indices, and the float64 that some are exact in. */
export type ValueType = 'float32' | 'int32' | 'bool' | 'int64' | 'float64';

/** Numbers of a constant or a tensor on the host; bools are 0 and 1. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** Attributes of an ONNX node: whole numbers, lists of them, texts, and (as `{ float }`) real numbers. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

/** What is known of a tensor before it has numbers. */
export interface ValueSpec {
  readonly type: ValueType;
  readonly shape: readonly number[];
}

/** A tensor in the graph: an input, a constant, or what a node gives. */
export interface Value extends ValueSpec {
  readonly id: number;
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
  /** Written as one number without a side, which some operations ask for. */
  readonly scalar?: true;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export const isValue = (input: Value | Int64Constant): input is Value => !('int64' in input);

/** Numbers in the array type of a tensor type. Real numbers become whole as in TF.js: towards zero, NaN is 0. */
export function valuesOf(numbers: ArrayLike<number>, type: ValueType): Values {
  const Numbers = arrayOf(type);
  return numbers instanceof Numbers ? numbers : Numbers.from(numbers);
}

/** One number many times. */
export const filledValues = (length: number, value: number, type: ValueType): Values =>
  new (arrayOf(type))(length).fill(value);

const arrayOf = (type: ValueType) => (type === 'float32' ? Float32Array : type === 'int32' ? Int32Array : Uint8Array);
