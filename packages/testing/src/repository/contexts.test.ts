import {
  checks,
  contextOf,
  defineExpert,
  defineGate,
  defineNetwork,
  embed,
  fusion,
  linear,
  ownUnits,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { fit } from '@polytask/training';
import * as runner from 'vitest';
import { some } from '../../../../cases.base.ts';
import { testModel } from '../kinds/network.ts';
import { pickRows, tinyBatch, tinyModel } from '../tiny/tiny-model.ts';

/** One affine map for each value of a context, as in STAR (Sheng et al., CIKM 2021, section 3.3). */
const [perValue, perValueAlone] = [true, false].map((bankable) =>
  defineExpert(
    `contexts.per-value.${bankable}`,
    (builder) => {
      const { values, oneHot } = contextOf(builder, 'tab');
      const w = builder.weight('kernel', [builder.inputDim, values * 2]);
      const b = builder.bias('bias', values * 2);
      return {
        outputDim: 2,
        apply(x, call) {
          const all = linear(x, w, b, call.shared);
          const each = tf.reshape(all, [...all.shape.slice(0, -1), values, 2]);
          return tf.sum(tf.mul(each, tf.expandDims(oneHot(call), 2)), -2);
        },
      };
    },
    { bankable },
  ),
);

/** A softmax over the experts, of scores that are an affine map of the context's embedding. */
const contextGate = defineGate('contexts.gate', (builder) => {
  const { dimension, embedding } = contextOf(builder, 'device');
  const w = builder.overExperts.weight('kernel', [dimension, builder.experts]);
  return { reads: 'raw', apply: (_, call) => tf.mul(tf.softmax(linear(embedding(call), w)), builder.mask) };
});

const network = defineNetwork(
  'contexts.network',
  ({ bankable }, tasks) =>
    fusion([
      {
        units: ownUnits(tasks, 2),
        experts: (bankable ? perValue! : perValueAlone!)(),
        outputs: tasks,
        gate: contextGate(),
      },
    ]),
  { options: { bankable: checks.flag } },
);

const features = {
  x: { kind: 'vector', width: 3 },
  user: { kind: 'hashed', buckets: 6 },
  tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
  device: { kind: 'hashed', buckets: 9, quotients: 3, vectors: 2 },
} as const;

const context = ['tab', 'device'];

const runs = [true, false].flatMap((bankable) =>
  (['dense', 'sparse'] as const).map((update) => ({ bankable, update })),
);
for (const { bankable, update } of some(runs, 1)) {
  testModel(network({ bankable }), {
    name: `with an expert for each value of a context, ${bankable ? 'in a bank' : 'one by one'}, ${update}`,
    features,
    context,
    input: embed({ dimension: 2, update }),
    runner,
  });
}

runner.it.each(some(['dense', 'sparse'] as const, 1))(
  'all engines train alike, with a table that is %s',
  async (update) => {
    const trained = async (engine: 'eager' | 'compiled' | 'compiled-wasm') => {
      const input = embed({ dimension: 2, update });
      const model = tinyModel(network({ bankable: true }), { tasks: ['a', 'b'], features, context, input });
      const rows = tinyBatch(model, 64);
      const examples = { schema: model.schema, size: 64, batch: (at: ArrayLike<number>) => pickRows(rows, at) };
      await fit(model, examples, { engine, epochs: 3, batchSize: 16, seed: 1, progress: false });
      const [{ a, b }, kernel] = [model.predict(rows), model.store.get('levels.0.experts.kernel').variable.dataSync()];
      model.dispose();
      return [...a!, ...b!, ...kernel];
    };
    const eager = await trained('eager');
    for (const engine of ['compiled', 'compiled-wasm'] as const) {
      const other = await trained(engine);
      eager.forEach((value, i) => runner.expect(other[i]).toBeCloseTo(value, 4));
    }
  },
);
