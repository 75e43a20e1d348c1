import { cgc, crossStitch, logisticRegression, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import { binary, denseSchema, multiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';

const schema = denseSchema(20, { click: binary(), like: binary() });
const levels = [{ experts: mlp([64]) }, { experts: mlp([32]) }];
const networks = {
  'single-task': singleTask({ levels }),
  'shared-bottom': sharedBottom({ levels }),
  'cross-stitch': crossStitch({ levels }),
  mmoe: mmoe({ levels: [{ experts: mlp([64, 32]), pool: 5 }] }),
  cgc: cgc({ experts: mlp([64, 32]), perTask: 2, shared: 1 }),
  ple: ple({ levels: levels.map((level) => ({ ...level, perTask: 2, shared: 1 })) }),
};
for (const [name, network] of Object.entries(networks)) {
  console.log(name, multiTaskModel({ schema, network, tower: mlp([16]), seed: 7 }).parameterCount);
}
console.log('logistic regression', multiTaskModel({ schema, ...logisticRegression(), seed: 7 }).parameterCount);
