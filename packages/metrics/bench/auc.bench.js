/** Times of the metrics on 1M rows, best read on a quiet machine: `npm run build && node bench/auc.bench.js` */
import { auc, binnedAuc, groupedAuc, logLoss, ndcg, normalizedEntropy, prAuc } from '../dist/index.js';

const ROWS = 1_000_000;

let state = 7;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const labels = new Uint8Array(ROWS);
const scores = new Float64Array(ROWS);
const weights = new Float64Array(ROWS);
const groups = new Int32Array(ROWS);
for (let i = 0; i < ROWS; i++) {
  labels[i] = random() < 0.2 ? 1 : 0;
  scores[i] = 1 / (1 + Math.exp(-(labels[i] + 4 * random() - 3)));
  weights[i] = random();
  groups[i] = Math.floor(random() * 50_000);
}
const floats = Float32Array.from(scores);

const cases = {
  'auc, float32 scores': () => auc(labels, floats),
  'auc, float64 scores': () => auc(labels, scores),
  'auc, weighted': () => auc(labels, floats, weights),
  'auc, float32 array labels': () => auc(Float32Array.from(labels), floats),
  prAuc: () => prAuc(labels, floats),
  'groupedAuc, 50k groups': () => groupedAuc(labels, floats, groups),
  'ndcg@10, 50k queries': () => ndcg(labels, floats, groups),
  binnedAuc: () => binnedAuc(labels, floats),
  logLoss: () => logLoss(labels, floats),
  normalizedEntropy: () => normalizedEntropy(labels, floats),
};

for (const [name, run] of Object.entries(cases)) {
  const times = [];
  let value = NaN;
  for (let repeat = 0; repeat < 7; repeat++) {
    const start = performance.now();
    value = run();
    times.push(performance.now() - start);
  }
  const first = times[0].toFixed(0);
  const median = times.toSorted((a, b) => a - b)[3].toFixed(0);
  process.stdout.write(
    `${name.padEnd(28)} first ${first.padStart(5)} ms   median ${median.padStart(5)} ms   = ${value.toFixed(6)}\n`,
  );
}
