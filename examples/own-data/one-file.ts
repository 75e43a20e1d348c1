import { adattSp } from '@polytask/adatt';
import { multiTaskModel } from '@polytask/core';
import { inspect, readDataset } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { evaluate, fit } from '@polytask/training';

// The rows are in a folder beside that of people.json: without the option, a data set reads files below its own folder only.
const { train, validation, test } = await readDataset(`${import.meta.dirname}/people.json`, {
  allowFilesOutside: true,
});
for (const { message } of inspect({ train, validation, test })) console.log(message);

const network = adattSp({ levels: [{ experts: mlp([16]), perTask: 2 }] });
const model = multiTaskModel({ schema: train.schema, network, seed: 7 });
await fit(model, train, { validation, epochs: 20, batchSize: 64 });
export const scores = await evaluate(model, test); // gauc is by the gaucGroup of the file
console.log(`income by state: ${scores.income!.gauc}`);
