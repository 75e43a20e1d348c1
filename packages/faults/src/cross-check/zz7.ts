import '@tensorflow/tfjs';
import '@polytask/bench';
import { readFileSync } from 'node:fs';
import { sgd } from '@polytask/training';
import { rowsOf } from './data/examples.ts';
import { trainOn, modelOf } from './run/train.ts';
const c0 = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const c = { ...c0, fit: { ...c0.fit, epochs: 1, optimizer: sgd(1e-3), batchSize: 64 } };
const rows = rowsOf(c);
const m = modelOf(c, rows);
const s = m.store.get('members.0.levels.0.experts.0.bias').variable.dataSync();
console.log('start', [...s].join(' '));
const batch = rows.train.batch([...Array(c.rows).keys()]);
console.log(m.taskNames, 'labels', [...batch.labels].slice(0, 20).join(), 'weights', [...batch.weights].slice(0,20).join());
for (const e of ['eager', 'compiled', 'compiled']) { const t = await trainOn(e as 'eager', c, rows); const b = t.numbers.parameters['members.0.levels.0.experts.0.bias']!; console.log(e, Array.from(b).map((v, i) => ((v - s[i]!) / 1e-3).toFixed(7)).join(' ')); }
const w = await import('@polytask/core');
const x = m.store.tables().length;
console.log('tables', x);
