import type { Graph } from './graph.ts';
import { isValue, type Node, type Value } from './value.ts';

/** A named result of a graph. */
export interface Output {
  readonly name: string;
  readonly value: Value;
}

/** A graph with its named results. `trace` returns one, and `writeModel` takes one. */
export interface Recorded {
  readonly graph: Graph;
  readonly outputs: readonly Output[];
}

/** The nodes that the outputs depend on, in the order of the graph. */
export function liveNodes({ graph, outputs }: Recorded): Node[] {
  const needed = new Set(outputs.map(({ value }) => value.id));
  const live: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    live.push(node);
    for (const input of node.inputs) if (isValue(input)) needed.add(input.id);
  }
  return live.reverse();
}
