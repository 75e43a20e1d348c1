import { mkdir, writeFile } from 'node:fs/promises';
import { multiTaskModel, save } from '@polytask/core';
import { fromRows, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, evaluate, fit } from '@polytask/training';
import { cosineGate, geometricMean, kan, pooledOwn, siren, tjur } from 'outside-package';
import { DIRECTORY, features, rows, tasks } from './rows.ts';

const { train, test } = split(fromRows(rows, { features, tasks }), { test: 0.25, seed: 7 });
const model = multiTaskModel({
  schema: train.schema,
  network: pooledOwn({
    experts: [kan({ units: 8 }), siren({ units: 8 })],
    pool: 4,
    own: siren({ units: 6 }),
    gate: cosineGate({ reads: 'raw' }),
  }),
  tower: mlp([8]),
  seed: 7,
});
await fit(model, train, { optimizer: adam(3e-3), epochs: 3, balancing: geometricMean() });

const scores = await evaluate(model, test, { metrics: { renewed: ['auc', 'outside-package/tjur'] } });
console.log(`renewed: ${tjur.name} ${scores.renewed['outside-package/tjur'].toFixed(3)}`);
const predictions = Object.entries(model.predict(rows)).map(([task, values]) => [task, [...values]]);
await mkdir(DIRECTORY, { recursive: true });
await save(model, `${DIRECTORY}/model`);
await writeFile(`${DIRECTORY}/predictions.json`, JSON.stringify(Object.fromEntries(predictions)));
