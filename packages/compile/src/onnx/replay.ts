import { Emitter } from '../graph/emit.ts';
import { Graph } from '../graph/graph.ts';
import { isValue, type Int64Constant, type Node, type Value, type Values } from '../graph/value.ts';
import { liveNodes } from './live-nodes.ts';
import type { Output } from './write-model.ts';

/** A graph with its named results: what `trace` gives and `writeModel` takes. */
export interface Recorded {
  readonly graph: Graph;
  readonly outputs: readonly Output[];
}

/** Where a rule writes. */
export interface Replay {
  readonly emit: Emitter;
  /** The node of the new graph that gives a value; undefined for an input or a constant. */
  producer(value: Value): Node | undefined;
  /** How often the graph that is replayed uses what became this value. */
  uses(value: Value): number;
  /** The operations that read the first result of a node that is replayed. */
  readers(node: Node): readonly string[];
}

/** Writes a node, whose inputs are values of the new graph, in another way; undefined leaves it as it is. */
export type Rule = (node: Node, replay: Replay) => readonly Value[] | undefined;

export interface ReplayOptions {
  /** Inputs that become constants, by name. */
  readonly constants?: Readonly<Record<string, Values>>;
  /** Other shapes of inputs, of as many numbers, by name. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly rule?: Rule;
}

/** Writes what the outputs of a graph depend on into a new graph, node by node; pairs of transposes and reshapes cancel. */
export function replay({ graph, outputs }: Recorded, { constants = {}, shapes = {}, rule }: ReplayOptions): Recorded {
  const written = new Graph();
  const emit = new Emitter(written);
  const values = new Map<number, Value>();
  const producers = new Map<number, Node>();
  const live = liveNodes(
    graph.nodes,
    outputs.map(({ value }) => value),
  );
  const used = [...live.flatMap(({ inputs }) => inputs.filter(isValue)), ...outputs.map(({ value }) => value)].map(
    ({ id }) => id,
  );
  const readers = new Map<number, string[]>();
  for (const { op, inputs } of live) {
    for (const { id } of inputs.filter(isValue)) readers.set(id, [...(readers.get(id) ?? []), op]);
  }
  let seen = 0;
  const context: Replay = {
    emit,
    producer(value) {
      for (; seen < written.nodes.length; seen++)
        for (const { id } of written.nodes[seen]!.outputs) producers.set(id, written.nodes[seen]!);
      return producers.get(value.id);
    },
    uses: (value) => used.filter((id) => values.get(id)?.id === value.id).length,
    readers: ({ outputs: [value] }) => readers.get(value!.id) ?? [],
  };

  for (const value of graph.inputs) {
    const known = Object.hasOwn(constants, value.input!) ? constants[value.input!] : undefined;
    const shape = shapes[value.input!] ?? value.shape;
    values.set(
      value.id,
      known ? written.constant(known, value) : written.input(value.input!, { type: value.type, shape }),
    );
  }
  const valueOf = (value: Value): Value => {
    let result = values.get(value.id);
    if (!result) values.set(value.id, (result = written.constant(value.constant!, value))); // what isn't there yet is a constant
    return result;
  };
  for (const node of live) {
    const inputs = node.inputs.map((input) => (isValue(input) ? valueOf(input) : input));
    const results = rule?.({ ...node, inputs }, context) ?? again(node, inputs, emit);
    node.outputs.forEach(({ id }, i) => values.set(id, results[i]!));
  }
  return { graph: written, outputs: outputs.map(({ name, value }) => ({ name, value: valueOf(value) })) };
}

function again(
  { op, attributes, outputs }: Node,
  inputs: readonly (Value | Int64Constant)[],
  emit: Emitter,
): readonly Value[] {
  const first = inputs[0] as Value;
  if (op === 'Reshape') return [emit.reshape(first, outputs[0]!.shape)];
  if (op === 'Transpose') return [emit.transpose(first, attributes['perm'] as number[])];
  if (op.startsWith('Reduce') && inputs[1] && !isValue(inputs[1])) {
    return [emit.reduce(op, first, inputs[1].int64, attributes['keepdims'] === 1)];
  }
  return emit.graph.ops(op, inputs, outputs, attributes);
}
