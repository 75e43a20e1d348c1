// The messages of an ONNX file, with the field numbers of `onnx.proto3`, in the wire format of protocol buffers
// (https://protobuf.dev/programming-guides/encoding). Fields are written in the order of their numbers.
import type { Attributes } from '../graph/graph.ts';

/** Bytes, and bytes that are not joined yet: the numbers of a constant are copied only once, into the file. */
export type Bytes = Uint8Array | Chunks;

interface Chunks {
  readonly parts: readonly Bytes[];
  /** The number of bytes. */
  readonly length: number;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A whole number of at most 64 bits. */
export const int = (field: number, value: number): Bytes => join([key(field, VARINT), varint(value)]);

export const float32 = (field: number, value: number): Bytes =>
  join([key(field, FIXED32), bytesOf(Float32Array.of(value))]);

export const bytes = (field: number, value: Bytes): Bytes => join([key(field, LENGTH), varint(value.length), value]);

export const text = (field: number, value: string): Bytes => bytes(field, new TextEncoder().encode(value));

export const message = (field: number, fields: readonly Bytes[]): Bytes => bytes(field, join(fields));

export const packed = (field: number, values: readonly number[]): Bytes => bytes(field, join(values.map(varint)));

export function finish(fields: readonly Bytes[]): Uint8Array {
  const whole = join(fields);
  const file = new Uint8Array(whole.length);
  let at = 0;
  const write = (part: Bytes): void => {
    if ('parts' in part) return part.parts.forEach(write);
    file.set(part, at);
    at += part.length;
  };
  write(whole);
  return file;
}

const join = (parts: readonly Bytes[]): Chunks => ({
  parts,
  length: parts.reduce((sum, { length }) => sum + length, 0),
});

const key = (field: number, wireType: number): Uint8Array => varint((field << 3) | wireType);

/** Seven bits a byte, the lowest first. A negative number is the 64 bits of its two's complement. */
function varint(value: number): Uint8Array {
  if (value >= 0 && value < 0x80) return Uint8Array.of(value);
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...digits, Number(rest)]);
}

export interface Field {
  readonly field: number;
  /** All bytes of the field, to be written again. */
  readonly whole: Uint8Array;
  /** The bytes of its value: of a text, a message or packed numbers, and otherwise of one number. */
  readonly value: Uint8Array;
}

/** The bytes of numbers of a fixed size, by wire type. */
const SIZES: Readonly<Record<number, number>> = { [FIXED32]: 4, [FIXED64]: 8 };

/** The fields of a message, in order. Their bytes are views. @throws Error when these are not a message */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const cut = () => new Error('Expected a message of protocol buffers, received one that ends within a field.');
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 0x80) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw cut();
  };
  while (at < message.length) {
    const begin = at;
    const tag = readVarint();
    const wireType = tag % 8;
    const size = wireType === LENGTH ? readVarint() : SIZES[wireType];
    const start = at;
    if (wireType === VARINT) readVarint();
    else if (size !== undefined) at += size;
    else
      throw new Error(`Expected a message of protocol buffers, received a field of the unknown wire type ${wireType}.`);
    if (at > message.length) throw cut();
    const [whole, value] = [message.subarray(begin, at), message.subarray(start, at)];
    fields.push({ field: Math.floor(tag / 8), whole, value });
  }
  return fields;
}

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

/** The bytes of an array's numbers, which are little-endian wherever ONNX Runtime runs. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

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

type GraphPart = 'nodes' | 'initializers' | 'inputs' | 'outputs';

const OPSET = 18;
const IR_VERSION = 8;

/** A model of one graph. */
export const model = ({ nodes, initializers, inputs, outputs }: Record<GraphPart, readonly Fields[]>): Fields => [
  int(1, IR_VERSION),
  text(2, 'polytask'),
  message(7, [
    ...nodes.map((each) => message(1, each)),
    text(2, 'main'),
    ...initializers.map((each) => message(5, each)),
    ...inputs.map((each) => message(11, each)),
    ...outputs.map((each) => message(12, each)),
  ]),
  message(8, [text(1, ''), int(2, OPSET)]),
];

export const entries = (field: number, texts: Readonly<Record<string, string>>): Fields =>
  Object.entries(texts).map(([key, value]) => message(field, [text(1, key), text(2, value)]));

export const optional = (field: number, value: string | undefined): Fields =>
  value === undefined ? [] : [text(field, value)];
