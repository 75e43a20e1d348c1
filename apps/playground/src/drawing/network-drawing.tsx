import type { FusionLevelWeights } from '@polytask/study';
import { unitColor } from './colors.ts';
import { fusionGraph, type GraphEdge, type GraphNode } from './fusion-graph.ts';

const WIDTH = 400;
const ROW = 30;
const MARGIN = { left: 16, right: 84, top: 6, bottom: 6 };
const RADIUS = { input: 5, expert: 6, lane: 3.5, task: 5 };
/** The width of an edge with weight 1, in pixels. */
const FULL = 9;
const THINNEST = 0.4;
const THICKEST = 14;

export interface NetworkDrawingProps {
  readonly model: string;
  readonly levels: readonly FusionLevelWeights[];
  readonly tasks: readonly string[];
}

/** A network: experts as circles, and edges as thick as the weight that a lane gives to an expert. A dashed edge has a negative weight. */
export function NetworkDrawing({ model, levels, tasks }: NetworkDrawingProps) {
  const { nodes, edges } = fusionGraph(levels, tasks);
  const rows = Math.max(2, ...levels.flatMap(({ experts, outputs }) => [experts.length, outputs.length]));
  const height = MARGIN.top + MARGIN.bottom + ROW * Math.min(rows, 12);
  const at = ({ x, y }: GraphNode) => ({
    x: MARGIN.left + x * (WIDTH - MARGIN.left - MARGIN.right),
    y: MARGIN.top + y * (height - MARGIN.top - MARGIN.bottom),
  });
  const curve = ({ from, to }: GraphEdge) => {
    const [a, b] = [at(from), at(to)];
    const middle = (a.x + b.x) / 2;
    return `M${a.x} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${b.x} ${b.y}`;
  };
  return (
    <svg
      class="network"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={`The network of ${model}: ${levels.length} levels, with edges as thick as the weights of experts`}
    >
      {edges.map((edge) =>
        edge.weight === undefined ? (
          <path key={edge.id} class="reads" d={curve(edge)} />
        ) : (
          <path
            key={edge.id}
            class="takes"
            d={curve(edge)}
            style={{ stroke: unitColor(edge.from.unit, tasks), strokeWidth: thickness(edge.weight) }}
            stroke-dasharray={edge.weight < 0 ? '5 4' : undefined}
          >
            <title>{`${edge.to.unit} takes ${edge.weight.toFixed(2)} of an expert of ${edge.from.unit}`}</title>
          </path>
        ),
      )}
      {nodes.map((node) => (
        <g key={node.id} transform={`translate(${at(node).x} ${at(node).y})`}>
          <circle
            class={node.kind}
            r={RADIUS[node.kind]}
            style={node.kind === 'input' ? undefined : { fill: unitColor(node.unit, tasks) }}
          >
            <title>{node.unit === '' ? 'the input' : `${node.kind} of ${node.unit}`}</title>
          </circle>
          {node.kind === 'task' && (
            <text x="10" dy="0.32em">
              {shortened(node.unit)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

const thickness = (weight: number) => Math.min(THICKEST, Math.max(THINNEST, FULL * Math.abs(weight)));

const LONGEST = 13;
const shortened = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);
