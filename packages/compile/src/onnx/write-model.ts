import onnxProto, { type onnx as proto } from 'onnx-proto'; // CommonJS: Node finds no named exports in it
import { ONNX_TYPES } from '../graph/emit.ts';
import { uniformOf, type Graph } from '../graph/graph.ts';
import { isValue, sizeOf, type Attributes, type Int64Constant, type Node, type Value } from '../graph/value.ts';
import { liveNodes } from './live-nodes.ts';

const { onnx } = onnxProto;

/** A named result of the model. */
export interface Output {
  readonly name: string;
  readonly value: Value;
}

export interface WriteOptions {
  /** The name that stands in the file for the first side of inputs and outputs whose batch may vary. */
  dynamicBatch?: { name: string; inputs: readonly string[]; outputs: readonly string[] };
}

const OPSET = 18;
const IR_VERSION = 8;
/** Constants of one number larger than this are written as that number and a shape. */
const EXPANDED = 256;

/** Writes the part of a graph that its outputs depend on as an ONNX model. */
export function writeModel(graph: Graph, outputs: readonly Output[], options: WriteOptions = {}): Uint8Array {
  const nodes = liveNodes(graph.nodes, outputs.map(({ value }) => value));
  const writer = new Writer();
  const body = nodes.map((node) => writer.node(node));
  const results = outputs.map(({ name, value }) => {
    // an output has a name of its own, also when it is an input, a constant, or stands in two places
    writer.trailing.push(onnx.NodeProto.create({ opType: 'Identity', input: [writer.name(value)], output: [name], name: `out_${name}` }));
    return valueInfo(name, value, options.dynamicBatch?.outputs.includes(name) ? options.dynamicBatch.name : undefined);
  });
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'polytask',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'main',
      node: [...writer.leading, ...body, ...writer.trailing],
      initializer: writer.initializers,
      input: graph.inputs.map((value) =>
        valueInfo(value.input!, value, options.dynamicBatch?.inputs.includes(value.input!) ? options.dynamicBatch.name : undefined),
      ),
      output: results,
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

class Writer {
  readonly initializers: proto.ITensorProto[] = [];
  readonly leading: proto.INodeProto[] = [];
  readonly trailing: proto.INodeProto[] = [];
  readonly #names = new Map<string, string>();

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
    const name = `v${value.id}`;
    if (value.constant && !this.#names.has(name)) {
      this.#names.set(name, name);
      this.#constant(name, value);
    }
    return name;
  }

  #constant(name: string, value: Value): void {
    const uniform = sizeOf(value.shape) > EXPANDED ? uniformOf(value) : undefined;
    if (uniform === undefined) {
      this.initializers.push({ name, dims: [...value.shape], dataType: ONNX_TYPES[value.type], rawData: bytesOf(value.constant!) });
      return;
    }
    const one = value.type === 'float32' ? Float32Array.of(uniform) : value.type === 'int32' ? Int32Array.of(uniform) : Uint8Array.of(uniform);
    this.leading.push(
      onnx.NodeProto.create({
        opType: 'ConstantOfShape',
        input: [this.#int64({ int64: value.shape })],
        output: [name],
        attribute: [{ name: 'value', type: onnx.AttributeProto.AttributeType.TENSOR, t: { dims: [1], dataType: ONNX_TYPES[value.type], rawData: bytesOf(one) } }],
      }),
    );
  }

  #int64({ int64, scalar }: Int64Constant): string {
    const name = `${scalar ? 's' : 'i'}_${int64.join('_').replaceAll('-', 'm')}`;
    if (!this.#names.has(name)) {
      this.#names.set(name, name);
      const values = BigInt64Array.from(int64.map(BigInt));
      this.initializers.push({ name, dims: scalar ? [] : [int64.length], dataType: ONNX_TYPES.int64, rawData: bytesOf(values) });
    }
    return name;
  }
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

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
