import { requireOptions } from '../compile-error.ts';
import { ONNX_TYPES } from '../graph/emit.ts';
import {
  liveNodes,
  uniformOf,
  type Graph,
  type Output,
  isValue,
  sizeOf,
  valuesOf,
  type Int64Constant,
  type Node,
  type Value,
  type Values,
  type ValueType,
} from '../graph/graph.ts';
import { dynamicProduct, isWide, quantizationConstants, quantizedRows } from './dynamic-product.ts';
import * as onnx from './messages.ts';
import { narrowed, type NarrowConstant, type Precision } from './narrow-numbers.ts';

export interface WriteOptions {
  /** The name of the first dimension of these inputs and outputs, which may vary. */
  dynamicBatch?: { name: string; inputs: readonly string[]; outputs: readonly string[] };
  /** Inputs that become constants of the model, with their numbers in another file. */
  external?: ExternalConstants | undefined;
  /**
   * The precision in which a constant of float32 is stored; undefined: as it is. The graph computes in float32, except for
   * products with matrices of `dynamic-int8`.
   */
  precisionOf?: ((values: Values) => Precision | undefined) | undefined;
}

/** A file with the numbers of constants, little-endian and row-major. It is in the folder of the model. */
export interface ExternalConstants {
  readonly file: string;
  /** The first byte of each constant, by the name of the input. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** Longer constants that repeat one number are written as that number and a shape. */
const EXPANDED = 256;

/**
 * Writes a graph as an ONNX model (opset 18), without the nodes that no output depends on.
 *
 * @returns the bytes of the file
 * @throws Error when two results, or a result and an input, have the same name, and for an unknown option
 * @example
 * const { graph, outputs } = trace((x) => tf.exp(x), { x: { shape: [4, 3] } });
 * await writeFile('exp.onnx', writeModel(graph, outputs));
 */
export function writeModel(graph: Graph, outputs: readonly Output[], options: WriteOptions = {}): Uint8Array {
  requireOptions('writeModel', options, ['dynamicBatch', 'external', 'precisionOf']);
  const { dynamicBatch, external, precisionOf } = options;
  const info = (name: string, { type, shape }: Value, dynamic: readonly string[] = []) => {
    const sides = dynamic.includes(name) && shape.length > 0 ? [dynamicBatch!.name, ...shape.slice(1)] : shape;
    return onnx.valueInfo(name, ONNX_TYPES[type], sides);
  };
  checkNames(graph, outputs);
  const writer = new Writer(precisionOf);
  const body = liveNodes({ graph, outputs }).flatMap((node) => writer.nodes(node));
  // an Identity names each output, also an output that is an input, a constant or another output
  const named = outputs.map(({ name, value }) =>
    onnx.node({ op: 'Identity', inputs: [writer.name(value)], outputs: [name], name: `out_${name}` }),
  );
  const isExternal = ({ input }: Value) => external?.offsets.has(input!) ?? false;
  const constants = graph.inputs.filter(isExternal).map((value) => externalTensor(value, external!));
  const whole = onnx.model({
    nodes: [...writer.leading, ...body, ...named],
    initializers: [...constants, ...writer.initializers],
    inputs: graph.inputs
      .filter((value) => !isExternal(value))
      .map((value) => info(value.input!, value, dynamicBatch?.inputs)),
    outputs: outputs.map(({ name, value }) => info(name, value, dynamicBatch?.outputs)),
  });
  return onnx.finish(whole);
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
  readonly initializers: onnx.Fields[] = [];
  readonly leading: onnx.Fields[] = [];
  readonly #written = new Set<string>();

  constructor(readonly precisionOf: WriteOptions['precisionOf']) {}

  nodes({ op, inputs, attributes, outputs }: Node): onnx.Fields[] {
    const [left, right] = inputs;
    if (op === 'MatMul' && isValue(left!) && isValue(right!) && this.#isDynamic(right))
      return this.#dynamicProduct(left, right, outputs[0]!);
    const node = onnx.node({
      op,
      name: `${op}_${outputs[0]!.id}`,
      inputs: inputs.map((input) => (isValue(input) ? this.name(input) : this.#int64(input))),
      outputs: outputs.map((output) => this.name(output)),
      attributes: Object.entries(attributes).map(([name, value]) => onnx.attributeOf(name, value)),
    });
    return [node];
  }

  #isDynamic = ({ constant, type, shape }: Value): boolean =>
    constant !== undefined && type === 'float32' && isWide(shape) && this.precisionOf?.(constant) === 'dynamic-int8';

  /** A product with a constant matrix, in int8. Products of the same rows, or with the same matrix, quantize it once. */
  #dynamicProduct(left: Value, { id, constant, shape }: Value, result: Value): onnx.Fields[] {
    const [matrix, column, rows] = [`t:${id}:matrix`, `t:${id}:column`, `t:${left.id}`];
    if (this.#isNew('dynamic')) this.initializers.push(...quantizationConstants());
    if (this.#isNew(matrix)) {
      this.#store(narrowed('int8', constant as Float32Array, shape)!, shape, matrix, column);
    }
    const lastAxis = this.#int64({ int64: [-1] });
    const quantized = this.#isNew(`${rows}:rows`) ? quantizedRows(this.name(left), rows, lastAxis) : [];
    return [...quantized, ...dynamicProduct(rows, matrix, column, this.name(result))];
  }

  /** True the first time. */
  #isNew(name: string): boolean {
    const { size } = this.#written;
    return this.#written.add(name).size > size;
  }

  name(value: Value): string {
    if (value.input !== undefined) return value.input;
    const name = `t:${value.id}`;
    if (value.constant && this.#isNew(name)) this.#constant(name, value);
    return name;
  }

  #constant(name: string, value: Value): void {
    const uniform = sizeOf(value.shape) > EXPANDED ? uniformOf(value) : undefined;
    if (uniform === undefined && this.#narrow(name, value)) return;
    if (uniform === undefined) {
      this.initializers.push(tensorOf(value.shape, value.type, value.constant!, name));
      return;
    }
    const one = tensorOf([1], value.type, valuesOf([uniform], value.type));
    this.leading.push(
      onnx.node({
        op: 'ConstantOfShape',
        inputs: [this.#int64({ int64: value.shape })],
        outputs: [name],
        attributes: [onnx.tensorAttribute('value', one)],
      }),
    );
  }

  /** Stores a constant in fewer bits, with nodes that widen it. ONNX Runtime computes them once, when it loads the file. */
  #narrow(name: string, { constant, shape, type }: Value): boolean {
    const precision = type === 'float32' && this.precisionOf?.(constant!);
    const narrow = precision && precision !== 'dynamic-int8' && narrowed(precision, constant as Float32Array, shape);
    if (!narrow) return false;
    const [stored, wide, by] = [`${name}:${precision}`, narrow.scale ? `${name}:wide` : name, `${name}:scale`];
    this.#store(narrow, shape, stored, by);
    const attributes = [onnx.attributeOf('to', ONNX_TYPES.float32)];
    this.leading.push(onnx.node({ op: 'Cast', name: `widen_${name}`, inputs: [stored], outputs: [wide], attributes }));
    if (narrow.scale)
      this.leading.push(onnx.node({ op: 'Mul', name: `scale_${name}`, inputs: [wide, by], outputs: [name] }));
    return true;
  }

  /** @param by the name of its scale */
  #store({ dataType, values, scale }: NarrowConstant, shape: readonly number[], name: string, by: string): void {
    this.initializers.push(onnx.tensor({ name, dims: shape, dataType, rawData: onnx.bytesOf(values) }));
    if (scale) this.initializers.push(tensorOf(scale.shape, 'float32', scale.values, by));
  }

  #int64({ int64, scalar }: Int64Constant): string {
    const name = `${scalar ? 's' : 'i'}:${int64.join()}`;
    if (this.#isNew(name)) {
      const values = BigInt64Array.from(int64.map(BigInt));
      this.initializers.push(tensorOf(scalar ? [] : [int64.length], 'int64', values, name));
    }
    return name;
  }
}

const tensorOf = (dims: readonly number[], type: ValueType, numbers: ArrayBufferView, name?: string): onnx.Fields =>
  onnx.tensor({ name, dims, dataType: ONNX_TYPES[type], rawData: onnx.bytesOf(numbers) });

function externalTensor({ input: name = '', type, shape }: Value, { file, offsets }: ExternalConstants): onnx.Fields {
  const length = sizeOf(shape) * valuesOf([], type).BYTES_PER_ELEMENT;
  const external = { location: file, offset: String(offsets.get(name)!), length: String(length) };
  return onnx.tensor({ name, dims: shape, dataType: ONNX_TYPES[type], external });
}
