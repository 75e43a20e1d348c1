import { adam, adatt, earlyStopping, evaluate, fit, mlp, multiTaskModel, readDataset, save } from 'polytask';

const { train, validation, test } = await readDataset('customers.json', { seed: 7 });

const model = multiTaskModel({
  schema: train.schema,
  network: adatt({ levels: [{ experts: mlp([16]), perTask: 1, shared: 2 }] }), // an expert for each task, and two that all share
  tower: mlp([16]),
  seed: 7,
});
await fit(model, train, { validation, optimizer: adam(3e-3), stopping: earlyStopping({ metric: 'auc', patience: 8 }) });

for (const [task, { auc }] of Object.entries(await evaluate(model, test)))
  console.log(`${task}: AUC ${auc?.toFixed(3)} on ${test.size} test rows`);
await save(model, 'model');
console.log('Saved in model/. Next: npm run predict');
