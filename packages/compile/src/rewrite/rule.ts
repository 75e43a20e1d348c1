import type { Emitter } from '../graph/emit.ts';
import type { Node, Value } from '../graph/value.ts';
import {
  operandsOf,
  reshapedFrom,
  transpositionOf,
  type Graph,
  type Recorded,
  type Transposition,
} from '../graph/graph.ts';

/** A node of the old graph. Its inputs are values of the new graph, so a rule sees what was rewritten before. */
export interface Site extends Node {
  /** The inputs that are tensors. */
  readonly operands: readonly Value[];
  /** The first result, a value of the old graph. */
  readonly result: Value;
}

/**
 * A pattern of operations, and faster operations that compute the same. `match` finds the pattern and writes nothing.
 * `rewrite` writes the new operations.
 */
export interface Rule<Match = unknown> {
  /** The name of the rule in `without`, in `rewrites` and in the documentation. */
  readonly name: string;
  /** The reason for the place of the rule in the order. A test compares it with the order. */
  readonly why: string;
  /** The operations that the rule looks at. `Input` is an input of the graph. */
  readonly ops: readonly string[];
  /** Returns the data that `rewrite` needs, or undefined when the node doesn't match the pattern. */
  match(site: Site, view: View): Match | undefined;
  /** Writes the new operations, and returns the value that replaces the result of the node. */
  rewrite(match: Match, site: Site, emit: Emitter): Value;
}

/** The rules of one walk through the graph. The first rule that matches a node rewrites it. */
export type Pass = readonly Rule[];

/** The queries of rules: which nodes read a value in the old graph, and which node computes a value in the new graph. */
export class View {
  readonly #graph: Graph;
  readonly #outputs: readonly Value[];
  readonly #live: readonly Node[];
  /** Values of the new graph, by the id of the value of the old graph that they replace. */
  readonly #replacements: Value[] = [];
  #readers: Map<number, Node[]> | undefined;

  /** @param live the nodes of the old graph that its outputs depend on */
  constructor({ outputs }: Recorded, live: readonly Node[], graph: Graph) {
    this.#graph = graph;
    this.#outputs = outputs.map(({ value }) => value);
    this.#live = live;
  }

  replacement(old: Value): Value {
    return (this.#replacements[old.id] ??= this.#graph.constant(old.constant!, old)); // only constants have no replacement yet
  }

  replace(old: Value, value: Value): void {
    this.#replacements[old.id] = value;
  }

  /** The node of the new graph that computes a value, when it has this operation. */
  producer = (value: Value, op: string): Node | undefined => this.#graph.producer(value, op);

  /** The tensor that was transposed to this value, and how. */
  transposed = (value: Value): Transposition | undefined => transpositionOf(this.#graph, value);

  /** The tensor that was reshaped to this value. */
  reshaped = (value: Value): Value | undefined => reshapedFrom(this.#graph, value);

  /** The result of an operation on x, when the new graph has this operation and the result has the type and shape of x. */
  resultOf = (op: string, x: Value): Value | undefined => this.#graph.resultOf(op, [x], x);

  /** How many inputs of old nodes and outputs of the old graph a new value replaces so far. */
  uses(value: Value): number {
    const oldValues = [...this.#live.flatMap(operandsOf), ...this.#outputs];
    return oldValues.filter(({ id }) => this.#replacements[id]?.id === value.id).length;
  }

  /** The nodes of the old graph that read the first result of a node. */
  readers({ result }: Site): readonly Node[] {
    this.#readers ??= readersOf(this.#live);
    return this.#readers.get(result.id) ?? [];
  }

  /** Whether the first result of a node is an output of the graph. */
  isOutput({ result }: Site): boolean {
    return this.#outputs.includes(result);
  }
}

/** The nodes that read a value, by the value's id. */
function readersOf(nodes: readonly Node[]): Map<number, Node[]> {
  const readers = new Map<number, Node[]>();
  for (const node of nodes) {
    for (const { id } of operandsOf(node)) {
      const nodesOfId = readers.get(id);
      if (nodesOfId) nodesOfId.push(node);
      else readers.set(id, [node]);
    }
  }
  return readers;
}
