import { adam, adatt, evaluate, fit, load, mlp, multiTaskModel, save, syntheticTasks } from 'polytask';

// Two related yes-or-no tasks, made on the spot.
const tasks = syntheticTasks({ tasks: ['click', 'like'], kind: 'binary', correlation: 0.8, seed: 7 });
const [train, validation, test] = [tasks.sample(8000, 1), tasks.sample(2000, 2), tasks.sample(2000, 3)];

const model = multiTaskModel({
  schema: train.schema,
  network: adatt({ levels: [{ experts: mlp([32]), perTask: 2, shared: 1 }] }), // two experts per task, and one that both share
  tower: mlp([16]),
  seed: 7,
});
await fit(model, train, { validation, optimizer: adam(3e-3), epochs: 10 });

const scores = await evaluate(model, test);
console.log(`AUC: click ${scores.click.auc.toFixed(3)}, like ${scores.like.auc.toFixed(3)}`);
await save(model, 'my-model');
const loaded = await load('my-model');
console.log(loaded.predict(test).click?.slice(0, 3)); // probabilities of the first three rows
