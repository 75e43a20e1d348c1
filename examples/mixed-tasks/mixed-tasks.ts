import { adatt } from '@polytask/adatt';
import { binary, multiTaskModel, multiclass, regression } from '@polytask/core';
import { categorical, numeric, readCsv, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { earlyStopping, evaluate, fit } from '@polytask/training';

const table = await readCsv(`${import.meta.dirname}/../train-and-serve/people.csv`, {
  features: { weeks_worked: numeric(), occupation: categorical(), marital: categorical() },
  tasks: {
    income: binary({ positive: '50000+.' }),
    state: multiclass(),
    age: regression(), // years or seconds: the unit decides nothing
  },
});
const { train, validation, test } = split(table, { validation: 0.1, test: 0.2, seed: 7 });
const network = adatt({ levels: [{ experts: mlp([16]), perTask: 2, shared: 1 }] });
export const model = multiTaskModel({ schema: train.schema, network, seed: 7 });
export const { warnings } = await fit(model, train, { validation, stopping: earlyStopping() });

export const scores = await evaluate(model, test);
for (const [task, { normalizedLoss }] of Object.entries(scores)) console.log(task, normalizedLoss.toFixed(2));
console.log(`age: ${scores.age.rmse.toFixed(1)} years off`);
for (const { message } of warnings) console.log(message);
