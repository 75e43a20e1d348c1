import * as tf from '@tensorflow/tfjs';
import {
  labelsOf,
  batchNorm,
  binary,
  checks,
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  dropout,
  emptyBatch,
  fusion,
  multiTaskModel,
  ownUnits,
  randomStream,
  regression,
  type Batch,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';

const options = { rate: checks.number() };

const expert = defineExpert(
  'graphs.tiny',
  (builder, { rate }) => {
    const layer = dense(builder, { inputDim: builder.inputDim, units: 3, activation: 'tanh' });
    const norm = batchNorm(builder.child('norm'), 3);
    const drop = dropout(builder, rate);
    return { outputDim: 3, apply: (x, call) => drop(norm(layer(x, call), call), call) };
  },
  { options },
);

const gate = defineGate('graphs.tiny', ({ overExperts, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return { reads: 'unit', apply: (x, call) => tf.softmax(scores(x, call)) };
});

const network = defineNetwork(
  'graphs.tiny',
  (config, tasks) => fusion([{ units: ownUnits(tasks, 2), experts: expert(config), outputs: tasks, gate: gate() }]),
  { options },
);

const tasks = { click: binary(), minutes: regression() };

/** Numbers and a field, and no multi-valued feature: two parts of a batch without columns. */
const schema: Schema<typeof tasks> = {
  features: { x: { kind: 'vector', width: 2 }, state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] } },
  tasks,
};

/** A model with dropout and running statistics. */
export const tinyModel = (rate = 0): MultiTaskModel<typeof tasks> =>
  multiTaskModel({ schema, network: network({ rate }), seed: 7 });

/** Random rows; every third label of the first task is missing, and NaN stands in its place. */
export function tinyBatch(model: MultiTaskModel<typeof tasks>, rows: number): Batch {
  const batch = emptyBatch(rows, model.layout, model.taskNames);
  batch.numeric.set(randomStream(1, 'x').normal(batch.numeric.length));
  const [click, minutes] = [labelsOf(batch, 'click'), labelsOf(batch, 'minutes')];
  for (let row = 0; row < rows; row++) {
    const isMissing = row % 3 === 0;
    batch.ids[row] = row % model.layout.vocabulary;
    click.labels[row] = isMissing ? NaN : row % 2;
    click.weights[row] = isMissing ? 0 : 1;
    minutes.labels[row] = row / 4;
    minutes.weights[row] = 0.5;
  }
  return batch;
}
