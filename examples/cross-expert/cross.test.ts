import * as tf from '@tensorflow/tfjs';
import { adatt, adattSp } from '@polytask/adatt';
import { cgc, crossStitch, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import {
  binary,
  createBank,
  denseSchema,
  load,
  multiTaskModel,
  ParameterStore,
  randomStream,
  toBytes,
  type ExpertSpec,
  type NetworkSpec,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import { describe, expect, it } from 'vitest';
import { cross } from './cross.ts';

const two = <L extends object>(level: L) => ({ levels: [level, level] });

/** Every model, with any expert. */
const MODELS: Readonly<Record<string, (experts: ExpertSpec) => NetworkSpec>> = {
  adatt: (experts) => adatt(two({ experts, perTask: 2, shared: 1 })),
  adattSp: (experts) => adattSp(two({ experts, perTask: 2 })),
  singleTask: (experts) => singleTask(two({ experts })),
  sharedBottom: (experts) => sharedBottom(two({ experts })),
  crossStitch: (experts) => crossStitch(two({ experts })),
  mmoe: (experts) => mmoe({ levels: [{ experts, pool: 3 }] }),
  'multi-level mmoe': (experts) => mmoe(two({ experts, pool: 3 })),
  cgc: (experts) => cgc({ experts, perTask: 2 }),
  ple: (experts) => ple(two({ experts, perTask: 2, shared: 1 })),
};

const rows = (size: number, width = 3) => {
  const stream = randomStream(1, 'rows');
  return Array.from({ length: size }, () => [...stream.normal(width)]);
};
const call = (raw: tf.Tensor2D) => ({ training: true, raw, addLoss: () => undefined });

/** A bank of crosses, and what it gives. */
function bank(members: readonly string[], layers: number, inputs: number[][][]) {
  const store = new ParameterStore(7);
  const { apply } = createBank(store, { path: 'e', members, experts: cross({ layers }), inputDim: 3 });
  const x = inputs.length === 1 ? tf.tensor2d(inputs[0]!) : tf.tensor3d(inputs);
  const run = () => apply(x, call(tf.tensor2d(inputs[0]!)));
  return { store, run, outputs: run().arraySync() };
}

describe('cross', () => {
  it('is x0 ⊙ (W x + b) + x, layer by layer, in plain loops', () => {
    const { store, outputs } = bank(['a.0', 'a.1'], 3, [rows(4)]);
    const read = (name: string, m: number) => (store.get(name).variable.arraySync() as number[][][])[m]!;
    outputs.forEach((output, m) =>
      rows(4).forEach((x0, row) => {
        let x = x0;
        for (const l of [0, 1, 2]) {
          const [w, b] = [read(`e.${l}.kernel`, m), read(`e.${l}.bias`, m)[0]!];
          x = x0.map((first, o) => first * (x.reduce((sum, value, i) => sum + value * w[i]![o]!, 0) + b[o]!) + x[o]!);
        }
        x.forEach((value, o) => expect(output[row]![o]).toBeCloseTo(value, 4));
      }),
    );
  });

  it('is the input itself, where W and b are 0', () => {
    const { store, run } = bank(['a.0'], 2, [rows(4)]);
    store.all().forEach(({ variable }) => variable.assign(tf.zerosLike(variable)));
    expect(run().arraySync()).toEqual(tf.tensor3d([rows(4)]).arraySync());
  });

  it.each([['one input for all', 1], ['an input each', 3]])('gives as a bank what its members give one by one: %s', (_, count) => {
    const members = ['a.0', 'a.1', 'b.0'];
    const inputs = [rows(4), rows(8).slice(4), rows(12).slice(8)].slice(0, count);
    const together = bank(members, 2, inputs);
    members.forEach((member, m) => {
      const alone = bank([member], 2, [inputs[count === 1 ? 0 : m]!]);
      alone.outputs.flat(2).forEach((value, i) => expect(together.outputs[m]!.flat()[i]).toBeCloseTo(value, 5));
    });
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(together.run())));
    Object.values(grads).forEach((gradient) => expect(gradient.dataSync().some((value) => value !== 0)).toBe(true));
  });

  it('refuses no layers', () => {
    expect(() => cross({ layers: 0 })).toThrow('Expected a whole number, 1 or more, for cross.layers, received 0.');
    expect(() => cross({ layer: 2 } as object)).toThrow('Did you mean "layers"?');
  });
});

describe.each(Object.entries(MODELS))('cross in %s', (_, network) => {
  const build = () =>
    multiTaskModel({
      schema: denseSchema(3, { like: binary(), share: binary() }),
      network: network(cross({ layers: 2 })),
      tower: mlp([4], { activation: 'tanh' }),
      seed: 7,
    });

  it('learns a product of features, is saved and loaded', async () => {
    const model = build();
    const x = rows(128);
    const labels = { like: tf.tensor1d(x.map(([a, b]) => Number(a! * b! > 0))), share: tf.tensor1d(x.map(([, b, c]) => Number(b! * c! > 0))) };
    const ones = tf.ones([128]) as tf.Tensor1D;
    const batch = { ...model.toTensors(model.encode(x.map((row) => ({ x: row })))), labels, weights: { like: ones, share: ones } };
    const loss = () => model.losses(batch, { training: true }).total;
    const optimizer = tf.train.adam(0.02);
    for (let step = 0; step < 80; step++) optimizer.minimize(loss, false, model.store.trainable().map(({ variable }) => variable));
    expect(loss().dataSync()[0]! / 2).toBeLessThan(0.4); // a linear model stays at log 2 = 0.69

    const serving = rows(5).map((row) => ({ x: row }));
    const loaded = await load(await toBytes(model));
    expect(loaded.predict(serving)).toEqual(model.predict(serving));
    expect(loaded.config.network).toEqual(model.config.network);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const model = build();
    model.predict([{ x: [1, 2, 3] }]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
