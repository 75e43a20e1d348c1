import { adattSp } from '@polytask/adatt';
import { binary, multiTaskModel } from '@polytask/core';
import { categorical, csvStream, encodeStream, fitStreamSchema, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { evaluate, fit } from '@polytask/training';

const rows = csvStream(`${import.meta.dirname}/../train-and-serve/people.csv`, {
  features: { age: numeric(), weeks_worked: numeric(), occupation: categorical(), state: categorical() },
  tasks: {
    income: binary({ positive: '50000+.' }),
    never_married: binary({ from: 'marital', positive: 'Never married' }),
  },
  chunkRows: 500, // rows in memory at once; 65,536 unless you say otherwise
});
const schema = await fitStreamSchema(rows); // one pass
const network = adattSp({ levels: [{ experts: mlp([16]), perTask: 2 }] });
const model = multiTaskModel({ schema, network, seed: 7 });
await fit(model, encodeStream(rows, schema), { epochs: 5, batchSize: 64, shuffleBuffer: 1000 }); // one pass per epoch
export const scores = await evaluate(model, encodeStream(rows, schema));
