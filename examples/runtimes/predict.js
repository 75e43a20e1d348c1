/** Trains and saves a small model, loads it, and predicts: node, bun or deno run -A predict.js */
import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, save } from '@polytask/core';
import { categorical, numeric, readCsv, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { evaluate, fit } from '@polytask/training';
import '@tensorflow/tfjs-backend-cpu';

const table = await readCsv(new URL('../train-and-serve/people.csv', import.meta.url), {
  features: { age: numeric(), weeks_worked: numeric(), occupation: categorical(), state: categorical() },
  tasks: { income: binary({ positive: '50000+.' }), single: binary({ from: 'marital', positive: 'Never married' }) },
});
const { train, test } = split(table, { test: 0.2, seed: 7 });
const network = adatt({ levels: [{ experts: mlp([16]), perTask: 1 }] });
const model = multiTaskModel({ schema: train.schema, network, seed: 7 });
const { engine } = await fit(model, train, { epochs: 5, progress: false });
const folder = process.argv[2];
await save(model, folder);
const loaded = await load(folder);
const { income } = await evaluate(loaded, test);
const [first] = loaded.predict([{ age: 41, weeks_worked: 52, occupation: 'Sales', state: 'Utah' }]).income;
console.log(JSON.stringify({ engine, auc: income.auc, first }));
