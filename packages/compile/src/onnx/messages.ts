/** The messages of an ONNX file, with the field numbers of `onnx.proto3`. Fields are written in the order of their numbers. */
import type { Attributes } from '../graph/value.ts';
import { bytes, float32, int, message, packed, text, type Bytes } from './protobuf.ts';

/** The fields of a message. */
export type Fields = readonly Bytes[];

export interface TensorFields {
  readonly name?: string | undefined;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian, row-major. */
  readonly rawData?: Uint8Array;
  /** Where the numbers are, if they are in another file. */
  readonly external?: Readonly<Record<string, string>>;
}

const EXTERNAL = 1; // TensorProto.DataLocation
const AttributeType = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, INTS: 7 };

export const tensor = ({ name, dims, dataType, rawData, external }: TensorFields): Fields => [
  ...(dims.length > 0 ? [packed(1, dims)] : []),
  int(2, dataType),
  ...optional(8, name),
  ...(rawData ? [bytes(9, rawData)] : []),
  ...(external ? [...entries(13, external), int(14, EXTERNAL)] : []),
];

const attribute = (name: string, type: number, ...value: readonly Bytes[]): Fields => [
  text(1, name),
  ...value,
  int(20, type),
];

export function attributeOf(name: string, value: Attributes[string]): Fields {
  if (typeof value === 'number') return attribute(name, AttributeType.INT, int(3, value));
  if (typeof value === 'string') return attribute(name, AttributeType.STRING, text(4, value));
  if ('float' in value) return attribute(name, AttributeType.FLOAT, float32(2, value.float));
  return attribute(name, AttributeType.INTS, ...(value.length > 0 ? [packed(8, value)] : []));
}

export const tensorAttribute = (name: string, value: Fields): Fields =>
  attribute(name, AttributeType.TENSOR, message(5, value));

export interface NodeFields {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Every node of a graph has another one. */
  readonly name?: string;
  readonly op: string;
  readonly attributes?: readonly Fields[];
}

export const node = ({ inputs, outputs, name, op, attributes = [] }: NodeFields): Fields => [
  ...inputs.map((input) => text(1, input)),
  ...outputs.map((output) => text(2, output)),
  ...optional(3, name),
  text(4, op),
  ...attributes.map((attribute) => message(5, attribute)),
];

/** The type of an input or output. A side is a number, or the name of a dimension that may vary. */
export const valueInfo = (name: string, elemType: number, shape: readonly (number | string)[]): Fields => {
  const sides = shape.map((side) => message(1, [typeof side === 'number' ? int(1, side) : text(2, side)]));
  const tensorType = message(1, [int(1, elemType), message(2, sides)]);
  return [text(1, name), message(2, [tensorType])];
};

export interface GraphFields {
  readonly nodes: readonly Fields[];
  readonly initializers: readonly Fields[];
  readonly inputs: readonly Fields[];
  readonly outputs: readonly Fields[];
}

export const graph = ({ nodes, initializers, inputs, outputs }: GraphFields): Fields => [
  ...nodes.map((each) => message(1, each)),
  text(2, 'main'),
  ...initializers.map((each) => message(5, each)),
  ...inputs.map((each) => message(11, each)),
  ...outputs.map((each) => message(12, each)),
];

const OPSET = 18;
const IR_VERSION = 8;

export const model = (graph: Fields): Fields => [
  int(1, IR_VERSION),
  text(2, 'polytask'),
  message(7, graph),
  message(8, [text(1, ''), int(2, OPSET)]),
];

/** StringStringEntryProto */
export const entries = (field: number, texts: Readonly<Record<string, string>>): Fields =>
  Object.entries(texts).map(([key, value]) => message(field, [text(1, key), text(2, value)]));

/** A text that may be left out. */
export const optional = (field: number, value: string | undefined): Fields =>
  value === undefined ? [] : [text(field, value)];
