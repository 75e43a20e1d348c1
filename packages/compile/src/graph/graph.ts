import {
  filledValues,
  isValue,
  sizeOf,
  valuesOf,
  type Attributes,
  type Int64Constant,
  type Node,
  type Value,
  type Values,
  type ValueSpec,
  type ValueType,
} from './value.ts';

/**
 * A graph under construction. The same operation on the same values becomes one node. Equal constants become one constant
 * where they are short or repeat one number.
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly #seen = new Map<string, readonly Value[]>();
  readonly #constants = new Map<string, Value>();
  /** By the ids of their results. */
  readonly #producers: Node[] = [];
  #next = 0;

  /** @throws Error when an input has that name already */
  input(name: string, spec: ValueSpec): Value {
    if (this.inputs.some((each) => each.input === name)) {
      throw new Error(`Two inputs of the graph are called "${name}": give one of them another name.`);
    }
    const value: Value = { id: this.#next++, type: spec.type, shape: [...spec.shape], input: name };
    this.inputs.push(value);
    return value;
  }

  constant(values: Values, { type, shape }: ValueSpec): Value {
    const key = constantKey(values);
    const whole = key === undefined ? undefined : `${type}[${shape}]${key}`;
    const known = whole === undefined ? undefined : this.#constants.get(whole);
    if (known) return known;
    const value: Value = { id: this.#next++, type, shape: [...shape], constant: values };
    if (whole !== undefined) this.#constants.set(whole, value);
    return value;
  }

  /** One number, as a tensor of rank 0. */
  scalar(value: number, type: ValueType = 'float32'): Value {
    return this.constant(valuesOf([value], type), { type, shape: [] });
  }

  /** A constant that repeats one number. */
  filled(value: number, spec: ValueSpec): Value {
    return this.constant(filledValues(sizeOf(spec.shape), value, spec.type), spec);
  }

  /** Adds an operation with one result. */
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
    const known = this.#seen.get(key);
    if (known) return known;
    const outputs = specs.map((spec): Value => ({ id: this.#next++, type: spec.type, shape: [...spec.shape] }));
    const node: Node = { op, inputs, attributes, outputs };
    this.nodes.push(node);
    for (const { id } of outputs) this.#producers[id] = node;
    this.#seen.set(key, outputs);
    return outputs;
  }

  /** The node that computes a value, when it has this operation. Undefined for other operations, inputs and constants. */
  producer(value: Value, op: string): Node | undefined {
    const node = this.#producers[value.id];
    return node?.op === op ? node : undefined;
  }

  /** The result of an operation, when the graph has this operation already. */
  known(op: string, inputs: readonly (Value | Int64Constant)[], spec: ValueSpec): Value | undefined {
    return this.#seen.get(keyOf(op, inputs, [spec], {}))?.[0];
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
  return `${op}(${names.join()})${JSON.stringify(attributes)}${results.join()}`;
}

const FEW = 16;

/** A key that equal constants share; undefined for long constants, where comparing would cost more than it saves. */
function constantKey(values: Values): string | undefined {
  const written = (value: number) => (Object.is(value, -0) ? '-0' : `${value}`);
  if (values.length <= FEW) return Array.from(values, written).join();
  const first = values[0]!;
  return values.every((value) => Object.is(value, first)) ? `all ${written(first)}` : undefined;
}

/** The number that a constant repeats; undefined when its numbers differ, and for other values. */
export function uniformOf(value: Value): number | undefined {
  const { constant } = value;
  if (!constant || sizeOf(value.shape) === 0) return undefined;
  const first = constant[0]!;
  return constant.every((each) => Object.is(each, first)) ? first : undefined;
}
