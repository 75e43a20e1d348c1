import * as tf from '@tensorflow/tfjs';
import { createScope, ParameterStore } from '@polytask/core';
import { tinyBank, tinyRows } from '@polytask/testing';
import { tinyCall } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { buildLayer, layerExpert } from './layer-expert.ts';

const deep = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], activation: 'tanh' }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: 2 }),
    ],
  });

describe('layerExpert', () => {
  it('computes what the layer computes', () => {
    const bank = tinyBank(layerExpert(tf.layers.dense({ units: 2, activation: 'relu' })), { members: ['a.0'] });
    bank.write('e.a.0.kernel', [
      [1, -1],
      [2, 0],
      [0, 1],
    ]);
    bank.write('e.a.0.bias', [0.5, -2]);
    expect(
      bank.run([
        [
          [1, 1, 1],
          [-9, 1, 0],
        ],
      ]),
    ).toEqual([
      [
        [3.5, 0],
        [0, 7],
      ],
    ]);
  });

  it('gives each place a layer of its own, with another start, that repeats with the seed', () => {
    const spec = layerExpert(tf.layers.dense({ units: 4 }));
    const run = (seed: number) => tinyBank(spec, { seed }).run([tinyRows(2, 3)]);
    const [a, b, c] = run(7);
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(c);
    expect(run(7)).toEqual([a, b, c]);
    expect(run(8)).not.toEqual([a, b, c]);
  });

  it('leaves the given layer alone', () => {
    const layer = tf.layers.dense({ units: 4 });
    const before = tf.memory().numTensors;
    tinyBank(layerExpert(layer)).store.dispose();
    expect(layer.built).toBe(false);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('passes on whether it is training: dropout', () => {
    const bank = tinyBank(layerExpert(tf.layers.dropout({ rate: 0.5 })), { members: ['a.0'], inputDim: 400 });
    const ones = [new Array<number>(400).fill(1)];
    expect(new Set(bank.run([ones])[0]![0])).toEqual(new Set([1]));
    expect(new Set(bank.run([ones], { training: true })[0]![0])).toEqual(new Set([0, 2]));
  });

  it('batch norm: its moving statistics follow in training, are saved and not trained', () => {
    const bank = tinyBank(layerExpert(tf.layers.batchNormalization({ momentum: 0.5 })), { members: ['a.0'] });
    expect(bank.store.trainable().map(({ name }) => name)).toEqual(['e.a.0.gamma', 'e.a.0.beta']);
    expect(bank.store.all().map(({ name }) => name)).toContain('e.a.0.moving_mean');
    bank.run(
      [
        [
          [2, 0, 4],
          [4, 0, 8],
        ],
      ],
      { training: true },
    );
    expect(bank.read('e.a.0.moving_mean')).toEqual([1.5, 0, 3]); // 0.5 × 0 + 0.5 × the batch's mean
    bank.run([[[9, 9, 9]]]);
    expect(bank.read('e.a.0.moving_mean')).toEqual([1.5, 0, 3]);
  });

  it('takes a sequential model, whose layers have weights of the same names', () => {
    const bank = tinyBank(layerExpert(deep()), { members: ['a.0', 'b.0'] });
    expect(
      bank.store
        .all()
        .filter(({ name }) => name.startsWith('e.a.'))
        .map(({ name, variable }) => [name, variable.shape]),
    ).toEqual([
      ['e.a.0.kernel', [3, 4]],
      ['e.a.0.bias', [4]],
      ['e.a.0.gamma', [4]],
      ['e.a.0.beta', [4]],
      ['e.a.0.kernel_1', [4, 2]],
      ['e.a.0.bias_1', [2]],
      ['e.a.0.moving_mean', [4]],
      ['e.a.0.moving_variance', [4]],
    ]);
    const x = tinyRows(5, 3);
    const [a, b] = bank.run([x]);
    expect(a).not.toEqual(b);
    expect(bank.run([x])).toEqual([a, b]);
    expect(bank.run([x], { training: true })).not.toEqual([a, b]);
  });

  it('gets gradients to all of its weights', () => {
    const { store, bank } = tinyBank(layerExpert(deep()), { members: ['a.0'] });
    const x = tf.tensor2d(tinyRows(32, 3));
    const variables = store.trainable().map(({ variable }) => variable);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(bank.apply(x, tinyCall(x, true)))) as tf.Scalar,
      variables,
    );
    for (const { name, variable } of store.trainable()) {
      const gradient = grads[variable.name]!.dataSync();
      expect(gradient.every(Number.isFinite), name).toBe(true);
      expect(
        gradient.some((value) => value !== 0),
        name,
      ).toBe(true);
    }
  });

  it('adds the losses of its regularizers while training', () => {
    const { bank, write } = tinyBank(
      layerExpert(tf.layers.dense({ units: 1, kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }) })),
      { members: ['a.0', 'b.0'] },
    );
    write('e.a.0.kernel', [1, 2, 0]);
    write('e.b.0.kernel', [3, 0, 0]);
    const x = tf.tensor2d(tinyRows(2, 3));
    const losses: Record<string, tf.Scalar> = {};
    bank.apply(x, tinyCall(x, true, losses));
    expect(losses['tf-layer']!.dataSync()[0]).toBeCloseTo(0.1 * (1 + 4 + 9), 5);
    const none: Record<string, tf.Scalar> = {};
    bank.apply(x, tinyCall(x, false, none));
    expect(none).toEqual({});
  });

  it("says at once when a layer can't read its input", () => {
    expect(() => tinyBank(layerExpert(tf.layers.flatten()))).toThrow(
      'Expected layer "Flatten" to take [batch, 3], received an error of TF.js',
    );
    const wide = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [9] })] });
    expect(() => tinyBank(layerExpert(wide))).toThrow(
      'to have value 9 but got shape 1,3). Its level reads vectors of 3 numbers',
    );
  });

  it('refuses what is no layer', () => {
    expect(() => layerExpert(tf.layers.dense as unknown as tf.layers.Layer)).toThrow(
      'Expected a tf.layers layer, received a function',
    );
    expect(() => layerExpert(undefined as unknown as tf.layers.Layer)).toThrow('received undefined');
  });
});

describe('a tf.layers layer inside a model', () => {
  const config = (layer: tf.layers.Layer) => ({
    className: layer.getClassName(),
    config: layer.getConfig() as Record<string, unknown>,
  });

  it("has its weights as parameters of the model, with a start from the model's seed", () => {
    const start = (seed: number, path = 'e') => {
      const store = new ParameterStore(seed);
      buildLayer(createScope(store, path), config(tf.layers.dense({ units: 4 })), 3);
      expect(store.all().map(({ name, variable }) => [name, variable.shape])).toEqual([
        [`${path}.kernel`, [3, 4]],
        [`${path}.bias`, [4]],
      ]);
      return store.all()[0]!.variable.dataSync();
    };
    expect(start(7)).toEqual(start(7));
    expect(start(7)).not.toEqual(start(8));
    expect(start(7)).not.toEqual(start(7, 'f'));
  });

  it('keeps moving statistics untrained, and applies', () => {
    const store = new ParameterStore(7);
    const { layer, outputDim } = buildLayer(createScope(store, 'e'), config(tf.layers.batchNormalization()), 3);
    expect(outputDim).toBe(3);
    expect(store.trainable().map(({ name }) => name)).toEqual(['e.gamma', 'e.beta']);
    expect(store.all().length).toBe(4);
    expect((layer.apply(tf.ones([2, 3])) as tf.Tensor).shape).toEqual([2, 3]);
  });

  it('refuses an unknown class, and a layer that gives no vectors', () => {
    const scope = createScope(new ParameterStore(7), 'e');
    expect(() => buildLayer(scope, { className: 'Dens', config: {} }, 3)).toThrow(
      'Expected a layer class that TF.js knows, received "Dens"',
    );
    expect(() => buildLayer(scope, config(tf.layers.reshape({ targetShape: [3, 1] })), 3)).toThrow(
      'to give [batch, width]',
    );
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const store = new ParameterStore(7);
    buildLayer(createScope(store, 'e'), config(tf.layers.dense({ units: 4 })), 3);
    store.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
