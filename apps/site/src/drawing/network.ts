import { type DrawnLevel, fusionGraph, type GraphEdge, type GraphNode } from '@polytask/playground/fusion-graph';
import { svg } from './cells.ts';

const WIDTH = 720;
const MARGIN = { left: 44, right: 132, top: 40, bottom: 16 };
const ROW = 26;

/** The width of an edge with weight 1, and the limits of all, in px. */
const STROKE = { one: 9, least: 0.5, most: 14 };

/** The colors of the tasks' own units, in their order; and of all others. */
const COLORS = ['#3b82c4', '#d9730d', '#2f9e62', '#b4509e'];
const SHARED = '#8b949e';

/**
 * The picture of a network, from the input at the left to the towers at the right. An edge from an expert to a gate is as wide as its weight,
 * and dashed if the weight is negative.
 *
 * @param levels the weights, from the first level up. None for a model without levels
 */
export function drawNetwork(name: string, levels: readonly DrawnLevel[], tasks: readonly string[]): string {
  const { nodes, edges } = fusionGraph(levels, tasks);
  const rows = Math.max(3, ...levels.flatMap(({ experts, outputs }) => [experts.length, outputs.length]));
  const height = MARGIN.top + MARGIN.bottom + ROW * rows;
  const at = ({ x, y }: GraphNode) => ({
    x: Math.round(MARGIN.left + x * (WIDTH - MARGIN.left - MARGIN.right)),
    y: Math.round(MARGIN.top + y * (height - MARGIN.top - MARGIN.bottom)),
  });
  const colorOf = (unit: string) => COLORS[tasks.indexOf(unit)] ?? SHARED;
  const line = ({ from, to, weight }: GraphEdge) => {
    const [a, b] = [at(from), at(to)];
    const middle = Math.round((a.x + b.x) / 2);
    const curve = `d="M${a.x} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${b.x} ${b.y}"`;
    if (weight === undefined) return `<path class="reads" ${curve}/>`;
    const width = Math.min(STROKE.most, Math.max(STROKE.least, STROKE.one * Math.abs(weight))).toFixed(1);
    const dashes = weight < 0 ? ' stroke-dasharray="5 4"' : '';
    return `<path class="takes" ${curve} stroke="${colorOf(from.unit)}" stroke-width="${width}"${dashes}/>`;
  };
  const shape = (node: GraphNode) => {
    const { x, y } = at(node);
    const fill = `fill="${colorOf(node.unit)}"`;
    if (node.kind === 'input') return `<rect class="input" x="${x - 8}" y="${y - 22}" width="16" height="44" rx="4"/>`;
    if (node.kind === 'expert') return `<rect ${fill} x="${x - 8}" y="${y - 8}" width="16" height="16" rx="4"/>`;
    const gate = `<circle ${fill} cx="${x}" cy="${y}" r="4"/>`;
    if (node.kind === 'lane') return gate;
    const tower = `<path class="reads" d="M${x} ${y}h20"/><rect ${fill} x="${x + 20}" y="${y - 10}" width="100" height="20" rx="5"/>`;
    return `${tower}${gate}<text class="tower" x="${x + 70}" y="${y + 4.5}" text-anchor="middle">${node.unit}</text>`;
  };
  const columns = [...new Map(nodes.map((node) => [at(node).x, headOf(node)])), [WIDTH - MARGIN.right + 70, 'towers']];
  const heads = columns.map(([x, text]) => `<text x="${x}" y="22" text-anchor="middle">${text}</text>`);
  const style =
    '<style>.reads{stroke:#8b949e}.takes{opacity:.8}path{fill:none}.input{fill:#8b949e}.tower{fill:#fff;font-weight:600}</style>';
  const parts = [style, ...heads, ...edges.map(line), ...nodes.map(shape)];
  return svg(WIDTH, height, `The network of ${name}`, parts.join('\n'));
}

/** What stands above the column of a node. A model without levels has no gates. */
function headOf({ id, kind }: GraphNode): string {
  if (kind === 'input') return 'input';
  if (kind === 'expert') return 'experts';
  return id.startsWith('task ') ? '' : 'gates';
}
