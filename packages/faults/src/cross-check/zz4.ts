import '@tensorflow/tfjs';
import '@polytask/bench';
import { sgd } from '@polytask/training';
import { drawConfiguration, type Configuration } from './draw/configuration.ts';
import { rowsOf } from './data/examples.ts';
import { trainOn, modelOf } from './run/train.ts';
import { readParameters } from '@polytask/core';
const c = JSON.parse((await import("node:fs")).readFileSync(process.argv[2]!, "utf8")) as Configuration;
const rate = 1e-3;
const patch = JSON.parse(process.argv[3] ?? '{}');
const one: Configuration = { ...c, fit: { ...c.fit, ...patch.fit, epochs: patch.epochs ?? 1, optimizer: sgd(rate), ...(patch.clip === undefined ? {} : {clip: patch.clip}), batchSize: patch.batchSize ?? c.rows }, model: {...c.model, ...patch.model} };
if (!patch.clip) delete (one.fit as any).clip; delete (one.fit as any).tableOptimizer;
if (patch.balancing === null) delete (one.fit as any).balancing;
const rows = rowsOf(one);
const start = await readParameters(modelOf(one, rows).store);
const [a, b] = [await trainOn('eager', one, rows), await trainOn('compiled', one, rows)];
console.log(JSON.stringify(a.numbers.losses)); console.log(JSON.stringify(b.numbers.losses));
for (const [name, {data}] of Object.entries(start)) {
  const s = data as Float32Array; const [x, y] = [a.numbers.parameters[name]!, b.numbers.parameters[name]!];
  let worst = 0, at = 0, most = 0;
  for (let i = 0; i < s.length; i++) { const d = Math.abs(x[i]! - y[i]!); if (d > worst) { worst = d; at = i; } most = Math.max(most, Math.abs(x[i]! - s[i]!)); }
  console.log(name, s.length, 'largest gradient', most / rate, 'largest difference', worst / rate, 'at', at, (x[at]! - s[at]!) / rate, (y[at]! - s[at]!) / rate);
}
