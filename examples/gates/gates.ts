import { mmoe } from '@polytask/baselines';
import { multiTaskModel } from '@polytask/core';
import { syntheticTasks } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { noisyTopKGate } from '@polytask/gating';
import { adam, evaluateGates, fit } from '@polytask/training';

const tasks = syntheticTasks({ tasks: ['click', 'like'], correlation: 0.3, kind: 'binary', dimension: 8, seed: 7 });
const gate = noisyTopKGate({ k: 2, importance: 0.1, load: 0.1 }); // its two losses spread rows over the experts
const network = mmoe({ levels: [{ experts: mlp([8]), pool: 4, gate }] });
export const model = multiTaskModel({ schema: tasks.schema, network, auxiliary: { load: 0.5 }, seed: 7 });
export const { history } = await fit(model, tasks.sample(2000, 1), {
  epochs: 5,
  batchSize: 100,
  optimizer: adam(0.01),
});
console.log(history.at(-1)!.auxiliary); // { importance, load }: as they were added, load times 0.5

export const [level] = await evaluateGates(model, tasks.sample(1000, 2));
for (const [task, { entropy, effectiveExperts }] of Object.entries(level!.units)) {
  console.log(
    `${task}: entropy ${entropy.toFixed(2)} of ${Math.log(4).toFixed(2)}, ${effectiveExperts.toFixed(1)} of 4 experts used`,
  );
}
console.log(level!.overall.shares); // of each expert, over all rows and tasks
