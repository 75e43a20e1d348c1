import { binary, multiTaskModel, regression } from '@polytask/core';
import { adattSp } from '@polytask/adatt';
import { categorical, fromRows, mixTables, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { evaluate, fit } from '@polytask/training';

const features = { age: numeric(), state: categorical() };
const people = Array.from({ length: 400 }, (_, i) => ({ age: (i * 37) % 80, state: ['Utah', 'Iowa'][i % 2] }));

// Two tables, each with rows and a task of its own.
const clicks = fromRows(
  people.map((row) => ({ ...row, click: row.age > 40 ? 1 : 0 })),
  { features, tasks: { click: binary() } },
);
const hours = fromRows(
  people.slice(0, 50).map((row) => ({ ...row, hours: row.age / 40 })),
  { features, tasks: { hours: regression() } },
);

const mixture = mixTables({ clicks, hours }, { ratio: { temperature: 2 }, seed: 7 });
console.log(mixture.shares); // √400 and √50 of their sum
const network = adattSp({ levels: [{ experts: mlp([16]), perTask: 2 }] });
const model = multiTaskModel({ schema: mixture.schema, network, seed: 7 });
await fit(model, mixture, { epochs: 20, batchSize: 64 });
export const scores = {
  click: (await evaluate(model, mixture.tables.clicks)).click,
  hours: (await evaluate(model, mixture.tables.hours)).hours,
};
