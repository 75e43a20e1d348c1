import { adattSp } from '@polytask/adatt';
import { binary, multiTaskModel, regression } from '@polytask/core';
import { categorical, csvStream, mixStreams, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { evaluate, fit } from '@polytask/training';

const features = { age: numeric(), state: categorical() };
const states = ['Utah', 'Iowa'];
const ages = Array.from({ length: 400 }, (_, i) => (i * 37) % 80);

// Two files, each with rows and a task of its own; here made as they are read.
async function* clicksCsv() {
  yield 'age,state,click\n';
  for (const [i, age] of ages.entries()) yield `${age},${states[i % 2]},${age > 40 ? 1 : 0}\n`;
}
async function* hoursCsv() {
  yield 'age,state,hours\n';
  for (const [i, age] of ages.slice(0, 50).entries()) yield `${age},${states[i % 2]},${age / 40}\n`;
}

const clicks = csvStream(clicksCsv, { features, tasks: { click: binary() }, chunkRows: 100 }); // or: csvStream('clicks.csv.gz', …
const hours = csvStream(hoursCsv, { features, tasks: { hours: regression() }, chunkRows: 100 });
const mixture = await mixStreams({ clicks, hours }, { ratio: { temperature: 2 }, seed: 7 }); // one pass: schema and rows
console.log(mixture.rows); // of 450: 332 and 118, √400 and √50 of their sum
const network = adattSp({ levels: [{ experts: mlp([16]), perTask: 2 }] });
const model = multiTaskModel({ schema: mixture.schema, network, seed: 7 });
await fit(model, mixture, { epochs: 20, batchSize: 64 });
export const scores = {
  click: (await evaluate(model, mixture.streams.clicks)).click,
  hours: (await evaluate(model, mixture.streams.hours)).hours,
};
