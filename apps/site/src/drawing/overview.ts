import { adatt, adattSp } from '@polytask/adatt';
import { crossStitch, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import { CELL, cellGrid, legend, svg } from './cells.ts';
import { weightPattern } from './weight-pattern.ts';

const experts = mlp([4]);

const twice = <L extends object>(level: L) => ({
  levels: [
    { experts, ...level },
    { experts, ...level },
  ],
});

const NETWORKS = [
  ['single-task', singleTask(twice({}))],
  ['shared-bottom', sharedBottom(twice({}))],
  ['cross-stitch', crossStitch(twice({}))],
  ['MMoE', mmoe({ levels: [{ experts, pool: 6 }] })],
  ['PLE / CGC', ple(twice({ perTask: 1, shared: 2 }))],
  ['AdaTT-sp', adattSp(twice({ perTask: 2 }))],
  ['AdaTT', adatt(twice({ perTask: 2, shared: 1 }))],
] as const;

const [LEFT, TOP, GAP] = [16, 96, 30];

/** The picture of the README: W of the last level of each architecture that the AdaTT paper compares, unit × expert. */
export function drawOverview(): string {
  let x = LEFT;
  const parts = NETWORKS.map(([name, network]) => {
    const { cells } = weightPattern({ network }).at(-1)!;
    const part = `<text class="name" x="${x}" y="${TOP - 14}">${name}</text>${cellGrid(cells, x, TOP)}`;
    x += Math.max(cells[0]!.length * CELL, name.length * 8.2) + GAP;
    return part;
  });
  const content = `<text class="head" x="${LEFT}" y="30">f<tspan font-size="11" dy="4">u</tspan><tspan dy="-4">(x) = Σ</tspan><tspan font-size="11" dy="4">e</tspan><tspan dy="-4"> W</tspan><tspan font-size="11" dy="4">u,e</tspan><tspan dy="-4">(x) · E</tspan><tspan font-size="11" dy="4">e</tspan><tspan dy="-4">(x)</tspan></text>
<text x="${LEFT}" y="54">W of the last fusion level: a row for each of three tasks, a column for each expert</text>
${parts.join('\n')}
${legend(LEFT, TOP + 3 * CELL + 22)}`;
  const title = 'Each architecture is a matrix of weights: rows are tasks, columns experts';
  return svg(Math.ceil(x - GAP + LEFT), TOP + 3 * CELL + 62, title, content);
}
