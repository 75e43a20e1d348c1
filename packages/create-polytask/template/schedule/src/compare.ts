import { adam, adatt, evaluate, fit, mlp, multiTaskModel, readDataset } from 'polytask';
import { myComponent } from './my-component.ts';

const { train, validation, test } = await readDataset('customers.json', { seed: 7 });

for (const [name, rate] of Object.entries({ constant: 1e-2, myComponent: myComponent() })) {
  const network = adatt({ levels: [{ experts: mlp([16]), perTask: 1, shared: 2 }] });
  const model = multiTaskModel({ schema: train.schema, network, tower: mlp([16]), seed: 7 });
  await fit(model, train, { validation, optimizer: adam(rate), epochs: 5, batchSize: 64, progress: false });
  const scores = Object.entries(await evaluate(model, test));
  console.log(`${name}: AUC ${scores.map(([task, { auc }]) => `${task} ${auc?.toFixed(3)}`).join(', ')}`);
  model.dispose();
}
