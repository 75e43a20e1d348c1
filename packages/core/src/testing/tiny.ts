import { number, optional, wholeNumber } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { denseSchema, type Schema } from '../features/schema.ts';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { ownUnits } from '../fusion/units.ts';
import { dense } from '../layers/dense.ts';
import { dropout } from '../layers/dropout.ts';
import type { ModelDeclaration } from '../model/model-declaration.ts';
import { multiTaskModel } from '../model/model.ts';
import { binary } from '../tasks/binary.ts';
import { multiclass } from '../tasks/multiclass.ts';
import { regression } from '../tasks/regression.ts';
import type { Tasks } from '../tasks/tasks.ts';

/** An expert, a gate and a network for the tests of core, which can't import the packages above. */
const options = { units: wholeNumber(1), dropout: optional(number(), 0) };

export const tinyExpert = defineExpert(
  'tiny',
  (builder, { units, dropout: rate }) => {
    const layer = dense(builder, { inputDim: builder.inputDim, units, activation: 'tanh' });
    const drop = dropout(builder, rate);
    return { outputDim: units, apply: (x, call) => drop(layer(x, call), call) };
  },
  { options },
);

export const tinyGate = defineGate('tiny', ({ overExperts, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return { reads: 'unit', apply: (x, call) => tf.softmax(scores(x, call)) };
});

export const tinyNetwork = defineNetwork(
  'tiny',
  (config, tasks) =>
    fusion([{ units: ownUnits(tasks, 2), experts: tinyExpert(config), outputs: tasks, gate: tinyGate() }]),
  { options },
);

export const tinyTasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: regression(),
};

/** A mixed schema: every kind of feature, every kind of task. */
export const tinySchema: Schema<typeof tinyTasks> = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 10, indicator: true },
    income: { kind: 'numeric', mean: 2, deviation: 1, log: true },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
    device: { kind: 'hashed', buckets: 5 },
    genres: {
      kind: 'multi-valued',
      values: { kind: 'categorical', vocabulary: ['drama', 'crime', 'news'] },
      separator: '|',
      maxLength: 3,
      pooling: 'mean',
    },
    position: { kind: 'vector', width: 2 },
  },
  tasks: tinyTasks,
};

export const tinyRows = [
  { age: 30, income: 0, state: 'Utah', device: 'phone', genres: 'drama|news', position: [0.5, -1] },
  { age: null, income: 99, state: 'Mars', device: null, genres: '', position: [0, 0] },
  { age: 50, income: -9, state: null, device: 'tablet', genres: ['crime'], position: [1, 2] },
];

export const tinyModel = (options: Partial<ModelDeclaration<typeof tinyTasks>> & { dropout?: number } = {}) => {
  const { dropout: rate = 0, ...rest } = options;
  return multiTaskModel({
    schema: tinySchema,
    network: tinyNetwork({ units: 4, dropout: rate }),
    tower: tinyExpert({ units: 3 }),
    seed: 7,
    ...rest,
  });
};

/** A model on one dense vector. */
export const denseModel = <T extends Tasks>(tasks: T, seed = 7, width = 5) =>
  multiTaskModel({ schema: denseSchema(width, tasks), network: tinyNetwork({ units: 4 }), seed });
