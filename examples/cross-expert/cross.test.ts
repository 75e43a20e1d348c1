import * as tf from '@tensorflow/tfjs';
import { adatt, adattSp } from '@polytask/adatt';
import { cgc, crossStitch, mmoe, ple, sharedBottom, singleTask } from '@polytask/baselines';
import {
  lossesOf,
  binary,
  denseSchema,
  load,
  multiTaskModel,
  toBytes,
  type ExpertSpec,
  type NetworkSpec,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import { tinyBank, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { some } from '../../cases.base.ts';
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

/** A bank of crosses, and what it gives. */
function bank(members: readonly string[], layers: number, rows: number[][]) {
  const { run, read, store } = tinyBank(cross({ layers }), { members });
  return { store, read, run: () => run([rows]), outputs: run([rows]) };
}

describe('cross', () => {
  it('is x0 ⊙ (W x + b) + x, layer by layer, in plain loops', () => {
    const { read: readAll, outputs } = bank(['a.0', 'a.1'], 3, tinyRows(4));
    const read = (name: string, m: number) => (readAll(name) as number[][][])[m]!;
    outputs.forEach((output, m) =>
      tinyRows(4).forEach((x0, row) => {
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
    const { store, run } = bank(['a.0'], 2, tinyRows(4));
    store.all().forEach(({ variable }) => variable.assign(tf.zerosLike(variable)));
    expect(run()).toEqual([tinyRows(4)]);
  });

  it('refuses no layers', () => {
    expect(() => cross({ layers: 0 })).toThrow('Expected a whole number of 1 or more for cross.layers, received 0.');
    expect(() => cross({ layer: 2 } as object)).toThrow('Did you mean "layers"?');
  });
});

describe.each(some(Object.entries(MODELS), 1))('cross in %s', (_, network) => {
  const build = () =>
    multiTaskModel({
      schema: denseSchema(3, { like: binary(), share: binary() }),
      network: network(cross({ layers: 2 })),
      tower: mlp([4], { activation: 'tanh' }),
      seed: 7,
    });

  it('learns a product of features, is saved and loaded', async () => {
    const model = build();
    const x = tinyRows(64);
    const labels = tf.tensor2d([
      x.map(([a, b]) => Number(a! * b! > 0)), // like
      x.map(([, b, c]) => Number(b! * c! > 0)), // share
    ]);
    const batch = {
      ...model.toTensors(model.encode(x.map((row) => ({ x: row })))),
      labels,
      weights: tf.ones<tf.Rank.R2>([2, 64]),
    };
    const loss = () => lossesOf(model, batch, { training: true }).total;
    const optimizer = tf.train.adam(0.04);
    for (let step = 0; step < 40; step++)
      optimizer.minimize(
        loss,
        false,
        model.store.trainable().map(({ variable }) => variable),
      );
    expect(loss().dataSync()[0]! / 2).toBeLessThan(0.4); // a linear model stays at log 2 = 0.69

    const serving = tinyRows(5).map((row) => ({ x: row }));
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
