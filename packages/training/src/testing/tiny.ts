import { flag, number, optional, wholeNumber, type Written } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import {
  batchNorm,
  binary,
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  denseSchema,
  dropout,
  emptyBatch,
  fusion,
  huber,
  layoutOf,
  multiclass,
  multiTaskModel,
  ownUnits,
  randomStream,
  regression,
  madeUpLabel,
  type Batch,
  type Examples,
  type MultiTaskModel,
  type ParameterStore,
  type Tasks,
} from '@polytask/core';
import { encodedTable } from '@polytask/data';

const options = { units: wholeNumber(1), dropout: optional(number(), 0), norm: optional(flag, false) };

/** An expert, a gate and a network with all that makes training hard to resume: dropout, running statistics, a loss of its own. */
export const tinyExpert = defineExpert(
  'test.tiny',
  (builder, config) => {
    const layer = dense(builder, { inputDim: builder.inputDim, units: config.units, activation: 'tanh' });
    const drop = dropout(builder, config.dropout);
    const norm = config.norm ? batchNorm(builder.child('norm'), config.units) : undefined;
    return {
      outputDim: config.units,
      apply: (x, call) => {
        const h = layer(x, call);
        return drop(norm ? norm(h, call) : h, call);
      },
    };
  },
  { options },
);

export const tinyGate = defineGate('test.tiny', ({ overExperts, experts, unitDim }) => {
  const scores = dense(overExperts, { inputDim: unitDim, units: experts });
  return {
    reads: 'unit',
    apply: (x, call) => {
      const weights = tf.softmax(scores(x, call));
      call.addLoss('entropy', tf.mul(0.01, tf.mean(tf.square(weights))) as tf.Scalar);
      return weights;
    },
  };
});

export const tinyNetwork = defineNetwork(
  'test.tiny',
  (config, tasks) =>
    fusion([{ units: ownUnits(tasks, 2), experts: tinyExpert(config), outputs: tasks, gate: tinyGate() }]),
  { options },
);

export const tinyTasks = {
  click: binary(),
  stars: multiclass({ classes: ['low', 'middle', 'high'] }),
  minutes: regression({ loss: huber() }),
};

export const WIDTH = 5;

/** Rows whose labels follow from their numbers, with noise. A tenth of the labels is missing; the rest has weights between ½ and 1½. */
export function tinyExamples<T extends Tasks>(tasks: T, rows: number, seed = 1): Examples<T> {
  const truth = randomStream(99, 'truth').normal(WIDTH);
  const numeric = randomStream(seed, 'x').normal(rows * WIDTH);
  const columns = Object.entries(tasks).map(([name, task]) => {
    const noise = randomStream(seed, `noise.${name}`).normal(rows);
    const chance = randomStream(seed, `chance.${name}`).uniform(rows);
    const weights = chance.map((u) => (u < 0.1 ? 0 : 0.5 + u));
    const labels = noise.map((e, r) => {
      if (weights[r] === 0) return NaN;
      let z = e;
      for (let c = 0; c < WIDTH; c++) z += truth[c]! * numeric[r * WIDTH + c]!;
      return madeUpLabel(task, z);
    });
    return { labels, weights };
  });
  const schema = denseSchema(WIDTH, tasks);
  return encodedTable(schema, {
    ...emptyBatch(rows, layoutOf(schema), Object.keys(tasks)),
    numeric: Float32Array.from(numeric),
    labels: Float32Array.from(columns.flatMap(({ labels }) => [...labels])),
    weights: Float32Array.from(columns.flatMap(({ weights }) => [...weights])),
  });
}

export const withBatches = <T extends Tasks>(examples: Examples<T>, change: (batch: Batch) => Batch): Examples<T> => ({
  schema: examples.schema,
  size: examples.size,
  batch: (rows) => change(examples.batch(rows)),
});

export const tinyModel = <T extends Tasks = typeof tinyTasks>(
  config: Partial<Written<typeof options>> & { seed?: number; tasks?: T } = {},
): MultiTaskModel<T> => {
  const { seed = 7, tasks = tinyTasks as Tasks as T, ...rest } = config;
  return multiTaskModel({ schema: denseSchema(WIDTH, tasks), network: tinyNetwork({ units: 4, ...rest }), seed });
};

export const weightsOf = ({ store }: { readonly store: ParameterStore }): Record<string, number[]> => ({
  ...Object.fromEntries(store.all().map(({ name, variable }) => [name, [...variable.dataSync()]])),
  ...Object.fromEntries(store.tables().map(({ name, values }) => [name, [...values]])),
});
