import onnxProto, { type onnx as proto } from 'onnx-proto'; // CommonJS: Node finds no named exports in it
import { ONNX_TYPES } from '../graph/emit.ts';
import { liveNodes, uniformOf, type Graph, type Output } from '../graph/graph.ts';
import {
  isValue,
  sizeOf,
  valuesOf,
  type Attributes,
  type Int64Constant,
  type Node,
  type Value,
  type ValueType,
} from '../graph/value.ts';

const { onnx } = onnxProto;

export interface WriteOptions {
  /** The name of the first dimension of these inputs and outputs, which may vary. */
  dynamicBatch?: { name: string; inputs: readonly string[]; outputs: readonly string[] };
  /** Inputs that become constants of the model, with their numbers in another file. */
  external?: ExternalConstants | undefined;
}

/** A file with the numbers of constants, little-endian and row-major. It is in the folder of the model. */
export interface ExternalConstants {
  /** The name of the file. */
  readonly file: string;
  /** The first byte of each constant, by the name of the input. */
  readonly offsets: ReadonlyMap<string, number>;
}

const OPSET = 18;
const IR_VERSION = 8;
/** Longer constants that repeat one number are written as that number and a shape. */
const EXPANDED = 256;

/**
 * Writes a graph as an ONNX model (opset 18), without the nodes that no output depends on.
 *
 * @returns the bytes of the file
 * @throws Error when two results, or a result and an input, have the same name
 * @example
 * const { graph, outputs } = trace((x) => tf.exp(x), { x: { shape: [4, 3] } });
 * await writeFile('exp.onnx', writeModel(graph, outputs));
 */
export function writeModel(
  graph: Graph,
  outputs: readonly Output[],
  { dynamicBatch, external }: WriteOptions = {},
): Uint8Array {
  const info = (name: string, value: Value, dynamic: readonly string[] = []) =>
    valueInfo(name, value, dynamic.includes(name) ? dynamicBatch?.name : undefined);
  checkNames(graph, outputs);
  const writer = new Writer();
  const body = liveNodes({ graph, outputs }).map((node) => writer.node(node));
  const results = outputs.map(({ name, value }) => {
    // an Identity names each output, also an output that is an input, a constant or another output
    writer.trailing.push(
      onnx.NodeProto.create({ opType: 'Identity', input: [writer.name(value)], output: [name], name: `out_${name}` }),
    );
    return info(name, value, dynamicBatch?.outputs);
  });
  const isExternal = ({ input }: Value) => external?.offsets.has(input!) ?? false;
  const constants = graph.inputs.filter(isExternal).map((value) => externalTensor(value, external!));
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'polytask',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'main',
      node: [...writer.leading, ...body, ...writer.trailing],
      initializer: [...constants, ...writer.initializers],
      input: graph.inputs
        .filter((value) => !isExternal(value))
        .map((value) => info(value.input!, value, dynamicBatch?.inputs)),
      output: results,
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/** The prefixes of the names that the writer gives to values inside the graph. */
const INNER = /^[tis]:/;

function checkNames(graph: Graph, outputs: readonly Output[]): void {
  const names = new Set<string>();
  for (const name of [...graph.inputs.map(({ input }) => input!), ...outputs.map((output) => output.name)]) {
    if (names.has(name))
      throw new Error(`Two inputs and results of the model are called "${name}": give one of them another name.`);
    if (name === '' || INNER.test(name))
      throw new Error(
        `"${name}" can't be the name of an input or a result: names are not empty, and don't begin with t:, i: or s:.`,
      );
    names.add(name);
  }
}

class Writer {
  readonly initializers: proto.ITensorProto[] = [];
  readonly leading: proto.INodeProto[] = [];
  readonly trailing: proto.INodeProto[] = [];
  /** The names of the constants in the file. */
  readonly #constants = new Set<string>();

  node({ op, inputs, attributes, outputs }: Node): proto.INodeProto {
    return onnx.NodeProto.create({
      opType: op,
      name: `${op}_${outputs[0]!.id}`,
      input: inputs.map((input) => (isValue(input) ? this.name(input) : this.#int64(input))),
      output: outputs.map((output) => this.name(output)),
      attribute: attributesOf(attributes),
    });
  }

  name(value: Value): string {
    if (value.input !== undefined) return value.input;
    const name = `t:${value.id}`;
    if (value.constant && !this.#constants.has(name)) {
      this.#constants.add(name);
      this.#constant(name, value);
    }
    return name;
  }

  #constant(name: string, value: Value): void {
    const uniform = sizeOf(value.shape) > EXPANDED ? uniformOf(value) : undefined;
    if (uniform === undefined) {
      this.initializers.push({ name, ...tensorOf(value.shape, value.type, value.constant!) });
      return;
    }
    const one = tensorOf([1], value.type, valuesOf([uniform], value.type));
    this.leading.push(
      onnx.NodeProto.create({
        opType: 'ConstantOfShape',
        input: [this.#int64({ int64: value.shape })],
        output: [name],
        attribute: [{ name: 'value', type: onnx.AttributeProto.AttributeType.TENSOR, t: one }],
      }),
    );
  }

  #int64({ int64, scalar }: Int64Constant): string {
    const name = `${scalar ? 's' : 'i'}:${int64.join()}`;
    if (!this.#constants.has(name)) {
      this.#constants.add(name);
      const values = BigInt64Array.from(int64.map(BigInt));
      this.initializers.push({ name, ...tensorOf(scalar ? [] : [int64.length], 'int64', values) });
    }
    return name;
  }
}

const tensorOf = (shape: readonly number[], type: ValueType, numbers: ArrayBufferView): proto.ITensorProto => ({
  dims: [...shape],
  dataType: ONNX_TYPES[type],
  rawData: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
});

/** A constant whose numbers are in another file. */
function externalTensor(
  { input: name = '', type, shape }: Value,
  { file, offsets }: ExternalConstants,
): proto.ITensorProto {
  const place = {
    location: file,
    offset: offsets.get(name)!,
    length: sizeOf(shape) * valuesOf([], type).BYTES_PER_ELEMENT,
  };
  return {
    name,
    dims: [...shape],
    dataType: ONNX_TYPES[type],
    dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    externalData: Object.entries(place).map(([key, value]) => ({ key, value: String(value) })),
  };
}

function attributesOf(attributes: Attributes): proto.IAttributeProto[] {
  const { AttributeType } = onnx.AttributeProto;
  return Object.entries(attributes).map(([name, value]): proto.IAttributeProto => {
    if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
    if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
    if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
    return { name, type: AttributeType.INTS, ints: [...value] };
  });
}

function valueInfo(name: string, value: Value, batch: string | undefined): proto.IValueInfoProto {
  const dim = value.shape.map((side, i) => (batch !== undefined && i === 0 ? { dimParam: batch } : { dimValue: side }));
  return { name, type: { tensorType: { elemType: ONNX_TYPES[value.type], shape: { dim } } } };
}

/** Strings about a model that are stored in its file. */
export interface ModelMetadata {
  /** The version of the program that wrote the file. */
  producerVersion?: string;
  /** A description of the model for people. */
  description?: string;
  /** Any strings by name, stored as `metadata_props`. */
  properties?: Readonly<Record<string, string>>;
}

/**
 * Adds metadata to an ONNX file. The file isn't parsed, as the format merges concatenated files.
 *
 * @returns the bytes of the new file
 *
 * @example withMetadata(writeModel(graph, outputs), { properties: { trained: '2026-11-24' } })
 */
export function withMetadata(
  model: Uint8Array,
  { producerVersion, description, properties = {} }: ModelMetadata,
): Uint8Array {
  const metadata = onnx.ModelProto.create({
    ...(producerVersion === undefined ? {} : { producerVersion }),
    ...(description === undefined ? {} : { docString: description }),
    metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
  });
  const bytes = onnx.ModelProto.encode(metadata).finish();
  const file = new Uint8Array(model.length + bytes.length);
  file.set(model);
  file.set(bytes, model.length);
  return file;
}
