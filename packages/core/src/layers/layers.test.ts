import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope } from '../parameters/scope.ts';
import { randomStream } from '../random/random.ts';
import { activation, dense } from './dense.ts';
import { batchNorm, layerNorm } from './norms.ts';
import { dropout } from './dropout.ts';
import type { Call } from './layer.ts';
import { unstack } from './operations.ts';

const training: Call = { training: true, raw: tf.zeros([1, 1]), addLoss: () => undefined };
const serving: Call = { ...training, training: false };
let store = new ParameterStore(7);
afterEach(() => {
  store.dispose();
  store = new ParameterStore(7);
});
const normal = (shape: number[]) => tf.tensor(randomStream(1, 'x').normal(tf.util.sizeFromShape(shape)), shape);
const close = (a: tf.Tensor, b: tf.Tensor, digits = 5) => {
  const expected = b.dataSync();
  a.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits));
};

describe('dense', () => {
  it('is activation(x W + b), and starts like nn.Linear', () => {
    const layer = dense(createScope(store, 'd'), { inputDim: 4, units: 300, activation: 'tanh' });
    const [kernel, bias] = store.all().map((each) => each.variable) as [tf.Variable, tf.Variable];
    const x = normal([3, 4]);
    close(layer(x, serving), tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, kernel as unknown as tf.Tensor2D), bias)));
    for (const start of [kernel, bias]) {
      const largest = tf.max(tf.abs(start)).dataSync()[0]!;
      expect(largest).toBeLessThanOrEqual(0.5); // 1/√4
      expect(largest).toBeGreaterThan(0.48);
    }
  });

  it('says which activations there are', () => {
    expect(() => activation('rellu' as 'relu')).toThrow('Did you mean "relu"?');
  });
});

describe('activations', () => {
  it.each([
    ['relu', 0, 1.5],
    ['leakyRelu', -0.3, 1.5],
    ['elu', Math.expm1(-1.5), 1.5],
    ['gelu', -1.5 * 0.0668072, 1.5 * 0.9331928], // x Φ(x)
    ['swish', -1.5 / (1 + Math.exp(1.5)), 1.5 / (1 + Math.exp(-1.5))],
    ['sigmoid', 1 / (1 + Math.exp(1.5)), 1 / (1 + Math.exp(-1.5))],
    ['tanh', Math.tanh(-1.5), Math.tanh(1.5)],
    ['softplus', Math.log1p(Math.exp(-1.5)), Math.log1p(Math.exp(1.5))],
    ['linear', -1.5, 1.5],
  ] as const)('%s', (name, below, above) => {
    const [low, high] = activation(name)(tf.tensor1d([-1.5, 1.5])).dataSync();
    expect(low).toBeCloseTo(below, 5);
    expect(high).toBeCloseTo(above, 5);
  });
});

describe('dropout', () => {
  it('drops its share, keeps the mean, and draws a new mask at each call', () => {
    const layer = dropout(createScope(store, 'd'), 0.3);
    const [first, second] = [layer(tf.ones([100, 100]), training), layer(tf.ones([100, 100]), training)];
    const dropped = first.dataSync().filter((value) => value === 0).length / 10_000;
    expect(dropped).toBeCloseTo(0.3, 1);
    expect(first.dataSync().filter((value) => value !== 0)[0]).toBeCloseTo(1 / 0.7, 6);
    expect(first.dataSync()).not.toEqual(second.dataSync());
  });

  it('repeats from one seed, and continues from the counter', () => {
    const masks = (from: ParameterStore) => {
      const layer = dropout(createScope(from, 'd'), 0.5);
      return [layer(tf.ones([50]), training).dataSync(), layer(tf.ones([50]), training).dataSync()];
    };
    const other = new ParameterStore(7);
    expect(masks(other)).toEqual(masks(store));
    const resumed = new ParameterStore(7);
    resumed.restoreStreams({ 'd.dropout': 1 });
    expect(dropout(createScope(resumed, 'd'), 0.5)(tf.ones([50]), training).dataSync()).toEqual(
      masks(new ParameterStore(7))[1],
    );
  });

  it('is nothing at serving, and refuses a rate of 1', () => {
    const x = normal([4, 4]);
    expect(dropout(createScope(store, 'd'), 0.9)(x, serving)).toBe(x);
    expect(() => dropout(createScope(store, 'e'), 1)).toThrow(
      'Expected a number in [0, 1) for the rate of dropout, received 1',
    );
  });
});

describe('layer norm', () => {
  it('gives each row mean 0 and variance 1, in a bank as well', () => {
    const layer = layerNorm(createScope(store, 'n', { members: ['a', 'b'] }), 64);
    const { mean, variance } = tf.moments(layer(tf.mul(normal([2, 5, 64]), 7)), -1);
    close(mean, tf.zeros([2, 5]));
    close(variance, tf.ones([2, 5]), 3);
  });
});

describe('batch norm', () => {
  it("takes the batch's statistics in training, for each member", () => {
    const layer = batchNorm(createScope(store, 'n', { members: ['a', 'b'] }), 3);
    const { mean, variance } = tf.moments(layer(tf.add(tf.mul(normal([2, 200, 3]), 5), 2), training), 1);
    close(mean, tf.zeros([2, 3]), 4);
    close(variance, tf.ones([2, 3]), 3);
  });

  it('follows them with its momentum, and serves with what it has', () => {
    const layer = batchNorm(createScope(store, 'n'), 1); // keeps .9 of its statistics at each step
    layer(tf.tensor2d([[1], [3]]), training); // mean 2, variance 1
    expect(store.get('n.mean').variable.dataSync()[0]).toBeCloseTo(0.2, 6);
    expect(store.get('n.variance').variable.dataSync()[0]).toBeCloseTo(1, 6);
    layer(tf.tensor2d([[10], [20]]), training); // mean 15, variance 25
    expect(store.get('n.mean').variable.dataSync()[0]).toBeCloseTo(0.9 * 0.2 + 0.1 * 15, 5);
    const served = layer(tf.tensor2d([[1]]), serving).dataSync()[0]!;
    expect(served).toBeCloseTo((1 - 1.68) / Math.sqrt(0.9 * 1 + 0.1 * 25 + 1e-5), 5);
    expect(store.count()).toBe(2); // γ and β, not the statistics
  });
});

describe('unstack', () => {
  it('has a gradient for an axis of one, and for more', () => {
    for (const n of [1, 3]) {
      const gradient = tf.grad((x) => tf.mul(unstack(x)[n - 1]!, 2))(tf.ones([n, 2]));
      expect([...gradient.dataSync()]).toEqual([...new Array<number>(2 * (n - 1)).fill(0), 2, 2]);
    }
  });
});
