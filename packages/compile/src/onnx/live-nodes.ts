import { isValue, type Node, type Value } from '../graph/value.ts';

/** The nodes that the outputs depend on, in their order. */
export function liveNodes(nodes: readonly Node[], outputs: readonly Value[]): Node[] {
  const needed = new Set(outputs.map(({ id }) => id));
  const live: Node[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    live.push(node);
    for (const input of node.inputs) if (isValue(input)) needed.add(input.id);
  }
  return live.reverse();
}
