import { binary, checks, defineNetwork, denseSchema, fusion, multiTaskModel, ownUnits } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { constantGate, softmaxGate, sumGate } from '@polytask/gating';

/** What a row needs by a softmax gate, and what a task always wants by learned constants. */
const gate = sumGate(softmaxGate({ sees: 'all', hidden: [16] }), constantGate({ sees: 'own', start: 'even' }));
const mixed = defineNetwork(
  'mixed',
  ({ experts }, tasks) => fusion([{ units: ownUnits(tasks, 2), experts, outputs: tasks, gate }]),
  { options: { experts: checks.component('expert') } },
);

const schema = denseSchema(20, { click: binary(), like: binary() });
const model = multiTaskModel({ schema, network: mixed({ experts: mlp([32]) }), seed: 7 });
for (const { name, variable } of model.store.all()) console.log(`${name} [${variable.shape}]`);
