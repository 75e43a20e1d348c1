import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, save } from '@polytask/core';
import { categorical, numeric, readCsv, split } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, earlyStopping, evaluate, fit } from '@polytask/training';

const table = await readCsv('people.csv', {
  features: { age: numeric(), weeks_worked: numeric(), occupation: categorical(), state: categorical() },
  tasks: { income: binary({ positive: '50000+.' }), single: binary({ from: 'marital', positive: 'Never married' }) },
});
const { train, validation, test } = split(table, { validation: 0.1, test: 0.1, seed: 7 });
const network = adatt({
  levels: [
    { experts: mlp([32]), perTask: 2, shared: 1 },
    { experts: mlp([16]), perTask: 2 },
  ],
});
const model = multiTaskModel({ schema: train.schema, network, tower: mlp([16]), seed: 7 });
await fit(model, train, { validation, optimizer: adam(3e-3), stopping: earlyStopping({ metric: 'auc' }) });

const scores = await evaluate(model, test);
console.log(`AUC: income ${scores.income.auc.toFixed(3)}, single ${scores.single.auc.toFixed(3)}`);
await save(model, 'people-adatt');
const { income } = (await load('people-adatt')).predict([
  { age: 41, weeks_worked: 52, occupation: 'Sales', state: 'Utah' },
]);
console.log(`p(income > 50K) = ${income?.[0]?.toFixed(3)}`);
