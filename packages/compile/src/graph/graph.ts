import { isValue, sizeOf, type Attributes, type Int64Constant, type Node, type Value, type Values, type ValueType } from './value.ts';

export interface ValueSpec {
  type: ValueType;
  shape: readonly number[];
}

/** A graph under construction. The same operation on the same values is one node; a constant that is one number all over is kept as that number. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly #seen = new Map<string, readonly Value[]>();
  readonly #constants = new Map<string, Value>();
  #next = 0;

  input(name: string, spec: ValueSpec): Value {
    const value: Value = { id: this.#next++, ...spec, input: name };
    this.inputs.push(value);
    return value;
  }

  constant(values: Values, spec: ValueSpec): Value {
    const key = values.length <= 16 ? `${spec.type}[${spec.shape}]${values.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known) return known;
    const value: Value = { id: this.#next++, ...spec, constant: values };
    if (key !== undefined) this.#constants.set(key, value);
    return value;
  }

  /** One number, as a tensor without sides. */
  scalar(value: number, type: ValueType = 'float32'): Value {
    const values = type === 'float32' ? Float32Array.of(value) : type === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.constant(values, { type, shape: [] });
  }

  /** Adds an operation of one result. */
  op(op: string, inputs: readonly (Value | Int64Constant)[], spec: ValueSpec, attributes: Attributes = {}): Value {
    return this.ops(op, inputs, [spec], attributes)[0]!;
  }

  /** Adds an operation of several results. */
  ops(op: string, inputs: readonly (Value | Int64Constant)[], specs: readonly ValueSpec[], attributes: Attributes = {}): readonly Value[] {
    const names = inputs.map((input) => (isValue(input) ? input.id : `i${input.int64.join('_')}`));
    const key = `${op}(${names.join()})${JSON.stringify(attributes)}${JSON.stringify(specs)}`;
    const known = this.#seen.get(key);
    if (known) return known;
    const outputs = specs.map((spec): Value => ({ id: this.#next++, type: spec.type, shape: [...spec.shape] }));
    this.nodes.push({ op, inputs, attributes, outputs });
    this.#seen.set(key, outputs);
    return outputs;
  }
}

/** The one number that a constant holds everywhere, if it does. */
export function uniformOf(value: Value): number | undefined {
  const { constant } = value;
  if (!constant || sizeOf(value.shape) === 0) return undefined;
  const first = constant[0]!;
  return constant.every((each) => each === first) ? first : undefined;
}
