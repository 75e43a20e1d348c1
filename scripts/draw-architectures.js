#!/usr/bin/env node
/**
 * Draws docs/pictures/architectures.svg: W of each architecture, unit × expert, read off the built packages.
 * Run `npm run build` first.
 */
import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { adatt, adattSp } from '@polytask/adatt';
import { crossStitch, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import { binary, denseSchema, fusionWeights, multiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';

await tf.setBackend('cpu');
const tasks = { click: binary(), like: binary(), watch: binary() };
const experts = mlp([4]);
/** @template {object} L @param {L} level */
const twice = (level) => ({
  levels: [
    { experts, ...level },
    { experts, ...level },
  ],
});
const networks = /** @type {const} */ ([
  ['single-task', singleTask(twice({}))],
  ['shared-bottom', sharedBottom(twice({}))],
  ['cross-stitch', crossStitch(twice({}))],
  ['MMoE', mmoe({ levels: [{ experts, pool: 6 }] })],
  ['PLE / CGC', ple(twice({ perTask: 1, shared: 2 }))],
  ['AdaTT-sp', adattSp(twice({ perTask: 2 }))],
  ['AdaTT', adatt(twice({ perTask: 2, shared: 1 }))],
]);

/** @typedef {import('@polytask/core').NetworkSpec} NetworkSpec */

const CELL = 22;
const [LEFT, TOP, GAP] = [16, 96, 30];

/** The last level's W in words: which cells a gate fills, which a constant, which are nothing. @param {NetworkSpec} network */
function cellsOf(network) {
  const model = multiTaskModel({ schema: denseSchema(3, tasks), network, seed: 1 });
  const rows = Array.from({ length: 8 }, (_, r) => ({ x: [Math.sin(r), Math.cos(r), r / 8] }));
  const examples = {
    schema: model.schema,
    size: 8,
    batch: (/** @type {ArrayLike<number>} */ at) => model.encode(Array.from(at, (i) => rows[i])),
  };
  const level = /** @type {import('@polytask/core').LevelReport} */ (fusionWeights(model, examples).at(-1));
  const learned = model.store
    .all()
    .some(({ name }) => name.endsWith('gates.weights') || name.endsWith('gates.1.weights'));
  model.dispose();
  return level.outputs.map((_, u) =>
    level.experts.map((_, e) => {
      const gated = level.gated[u][e] !== 0;
      const constant = level.constant[u][e] !== 0;
      return gated && constant ? 'both' : gated ? 'gated' : constant ? (learned ? 'learned' : 'one') : 'none';
    }),
  );
}

/** @param {string[][]} cells @param {number} x @param {number} y */
const grid = (cells, x, y) =>
  cells
    .flatMap((row, u) =>
      row.map((kind, e) => {
        const [left, top, side] = [x + e * CELL, y + u * CELL, CELL - 3];
        const box = `<rect class="${kind === 'both' ? 'gated' : kind}" x="${left}" y="${top}" width="${side}" height="${side}" rx="3"/>`;
        const corner = `<path class="learned" d="M${left + side} ${top + 3}V${top + side - 3}q0 3 -3 3H${left + 3}z"/>`;
        return kind === 'both' ? box + corner : box;
      }),
    )
    .join('');

let x = LEFT;
const parts = networks.map(([name, network]) => {
  const cells = cellsOf(network);
  const width = Math.max(cells[0].length * CELL, name.length * 8.2);
  const part = `<text class="name" x="${x}" y="${TOP - 14}">${name}</text>${grid(cells, x, TOP)}`;
  x += width + GAP;
  return part;
});
const legend = [
  ['one', '1'],
  ['learned', 'learned constant'],
  ['gated', 'softmax gate'],
  ['both', 'gate + learned constant'],
  ['none', 'not visible'],
];
let at = LEFT;
const keys = legend.map(([kind, text]) => {
  const key = `${grid([[kind]], at, TOP + 3 * CELL + 22)}<text x="${at + CELL + 2}" y="${TOP + 3 * CELL + 36}">${text}</text>`;
  at += CELL + 26 + text.length * 7.2;
  return key;
});
const width = Math.ceil(x - GAP + LEFT);
const height = TOP + 3 * CELL + 62;

writeFileSync(
  new URL('../docs/pictures/architectures.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<title>Each architecture is a matrix of weights: rows are tasks, columns experts</title>
<style>
text{fill:#1f2328}.name{font-weight:600}.head{font-size:15px}.none{fill:#eaeef2}.one{fill:#57606a}.learned{fill:#e8883a}.gated{fill:#3b82c4}
.page{fill:#fff}@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#e6edf3}.none{fill:#21262d}.one{fill:#9198a1}}
</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="head" x="${LEFT}" y="30">f<tspan font-size="11" dy="4">u</tspan><tspan dy="-4">(x) = Σ</tspan><tspan font-size="11" dy="4">e</tspan><tspan dy="-4"> W</tspan><tspan font-size="11" dy="4">u,e</tspan><tspan dy="-4">(x) · E</tspan><tspan font-size="11" dy="4">e</tspan><tspan dy="-4">(x)</tspan></text>
<text x="${LEFT}" y="54">W of the last fusion level: a row for each of three tasks, a column for each expert</text>
${parts.join('\n')}
${keys.join('\n')}
</svg>
`,
);
