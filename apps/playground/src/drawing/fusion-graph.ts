/** A node of a drawn network. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'input' | 'expert' | 'lane' | 'task';
  /** The unit of an expert, the name of a lane or task; '' for the input. */
  readonly unit: string;
  /** From 0 at the left to 1 at the right. */
  readonly x: number;
  /** From 0 at the top to 1 at the bottom. */
  readonly y: number;
}

/** An edge of a drawn network. */
export interface GraphEdge {
  readonly id: string;
  readonly from: GraphNode;
  readonly to: GraphNode;
  /** The weight of an expert in a lane, gated and constant part together. Undefined for an edge on which an expert reads its lane. */
  readonly weight: number | undefined;
}

export interface FusionGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The unit of an expert that is named `unit.index`. */
export const unitOf = (expert: string): string => expert.slice(0, expert.lastIndexOf('.'));

/** What a drawing shows of a level. */
export interface DrawnLevel {
  readonly outputs: readonly string[];
  readonly experts: readonly string[];
  /** [outputs, experts] */
  readonly gated: readonly (readonly number[])[];
  /** [outputs, experts] */
  readonly constant: readonly (readonly number[])[];
}

/** A weight below this is no connection. */
const CLOSED = 1e-4;

/**
 * Lays out a network from its fusion weights: the input, then for each level its experts and its lanes. The lanes of the last level are
 * the tasks.
 *
 * @param levels from the first to the last; without a level, the input is joined to the tasks
 * @param tasks the names of the tasks, for a network without levels
 */
export function fusionGraph(levels: readonly DrawnLevel[], tasks: readonly string[]): FusionGraph {
  const columns = 2 * Math.max(levels.length, 0.5);
  const place = (column: number, ids: readonly Omit<GraphNode, 'x' | 'y'>[]): GraphNode[] =>
    ids.map((node, row) => ({ ...node, x: column / columns, y: (row + 0.5) / ids.length }));
  const input = place(0, [{ id: 'input', kind: 'input', unit: '' }]);
  const nodes = [...input];
  const edges: GraphEdge[] = [];
  let lanes = input;
  levels.forEach((level, l) => {
    const isLast = l === levels.length - 1;
    const experts = place(
      2 * l + 1,
      level.experts.map((name) => ({ id: `${l} expert ${name}`, kind: 'expert', unit: unitOf(name) })),
    );
    const outputs = place(
      2 * l + 2,
      level.outputs.map((name) => ({ id: `${l} lane ${name}`, kind: isLast ? 'task' : 'lane', unit: name })),
    );
    for (const expert of experts) {
      const own = lanes.filter(({ unit }) => unit === expert.unit);
      for (const from of own.length > 0 ? own : lanes) edges.push(edge(from, expert, undefined));
    }
    outputs.forEach((to, u) =>
      experts.forEach((from, e) => {
        const weight = level.gated[u]![e]! + level.constant[u]![e]!;
        if (Math.abs(weight) >= CLOSED) edges.push(edge(from, to, weight));
      }),
    );
    nodes.push(...experts, ...outputs);
    lanes = outputs;
  });
  if (levels.length === 0) {
    const outputs = place(
      columns,
      tasks.map((unit) => ({ id: `task ${unit}`, kind: 'task', unit })),
    );
    nodes.push(...outputs);
    edges.push(...outputs.map((to) => edge(input[0]!, to, undefined)));
  }
  return { nodes, edges };
}

const edge = (from: GraphNode, to: GraphNode, weight: number | undefined): GraphEdge => ({
  id: `${from.id} → ${to.id}`,
  ...{ from, to, weight },
});
