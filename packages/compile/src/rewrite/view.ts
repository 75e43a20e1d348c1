import type { Graph } from '../graph/graph.ts';
import { operandsOf, reshapedFrom, transpositionOf, type Transposition } from '../graph/nodes.ts';
import type { Recorded } from '../graph/recorded.ts';
import type { Node, Value } from '../graph/value.ts';
import type { Site } from './rule.ts';

/** What a rule can ask about the graphs: who reads a value in the old graph, and what computes a value in the new graph. */
export class View {
  readonly #graph: Graph;
  readonly #outputs: readonly Value[];
  readonly #live: readonly Node[];
  /** Values of the new graph, by the id of the value of the old graph that they replace. */
  readonly #now: Value[] = [];
  #readers: Map<number, Node[]> | undefined;

  /** @param live the nodes of the old graph that its outputs depend on */
  constructor({ outputs }: Recorded, live: readonly Node[], graph: Graph) {
    this.#graph = graph;
    this.#outputs = outputs.map(({ value }) => value);
    this.#live = live;
  }

  /** The value that replaces a value of the old graph. */
  now(old: Value): Value {
    return (this.#now[old.id] ??= this.#graph.constant(old.constant!, old)); // what isn't there yet is a constant
  }

  /** Stores the value that replaces a value of the old graph. */
  became(old: Value, value: Value): void {
    this.#now[old.id] = value;
  }

  /** The node of the new graph that computes a value, when it has this operation. */
  producer = (value: Value, op: string): Node | undefined => this.#graph.producer(value, op);

  /** The tensor that was transposed to this value, and how. */
  transposed = (value: Value): Transposition | undefined => transpositionOf(this.#graph, value);

  /** The tensor that was reshaped to this value. */
  reshaped = (value: Value): Value | undefined => reshapedFrom(this.#graph, value);

  /** The result of an operation on x, of the type and shape of x, when the new graph has this operation already. */
  known = (op: string, x: Value): Value | undefined => this.#graph.known(op, [x], x);

  /** How often the old graph uses the values that this value has replaced so far, as inputs of nodes and as outputs. */
  uses(value: Value): number {
    const isIt = ({ id }: Value) => this.#now[id]?.id === value.id;
    const inNodes = this.#live.reduce((sum, node) => sum + operandsOf(node).filter(isIt).length, 0);
    return inNodes + this.#outputs.filter(isIt).length;
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
      const known = readers.get(id);
      if (known) known.push(node);
      else readers.set(id, [node]);
    }
  }
  return readers;
}
