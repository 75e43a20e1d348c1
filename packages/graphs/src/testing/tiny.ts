import {
  labelsOf,
  batchNorm,
  binary,
  checks,
  defineExpert,
  defineNetwork,
  dense,
  dropout,
  emptyBatch,
  fusion,
  multiTaskModel,
  randomStream,
  regression,
  type Batch,
  type MultiTaskModel,
  type Schema,
} from '@polytask/core';

const expert = defineExpert(
  'graphs.tiny',
  (builder, { rate }) => {
    const layer = dense(builder, { inputDim: builder.inputDim, units: 3, activation: 'tanh' });
    const norm = batchNorm(builder.child('norm'), 3);
    const drop = dropout(builder, rate);
    return { outputDim: 3, apply: (x, call) => drop(norm(layer(x, call), call), call) };
  },
  { options: { rate: checks.number() } },
);

/** No level: the towers read the input. */
const network = defineNetwork('graphs.tiny', () => fusion([]));

const tasks = { click: binary(), minutes: regression() };

/** Numbers and a field, and no multi-valued feature: two parts of a batch without columns. */
const schema: Schema<typeof tasks> = {
  features: { x: { kind: 'vector', width: 2 }, state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] } },
  tasks,
};

/** A model with dropout and running statistics. */
export const tinyModel = (rate = 0): MultiTaskModel<typeof tasks> =>
  multiTaskModel({ schema, network: network(), tower: expert({ rate }), seed: 7 });

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
