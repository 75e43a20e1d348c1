import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { trace } from '../trace.ts';

beforeEach(() => tf.setBackend('cpu'));

type Fn = (x: tf.Tensor) => tf.Tensor;

const X = { x: { shape: [2, 3] } };
const training = { training: true };

const total = (): tf.Variable => tf.variable(tf.zeros([2, 3]));
const ownOperation = tf.op({ randomBits_: (x: tf.Tensor): tf.Tensor => tf.tensor(Array(x.size).fill(1), x.shape) });

describe.each<[what: string, operation: string, fn: () => Fn]>([
  ['a dropout without a seed', 'dropout', () => (x) => tf.dropout(x, 0.5)],
  ['a dropout with a seed', 'dropout', () => (x) => tf.dropout(x, 0.5, undefined, 7)],
  ['a dropout that drops nothing', 'dropout', () => (x) => tf.dropout(x, 1e-9, undefined, 7)],
  [
    'a dropout layer with a seed',
    'dropout',
    () => (x) => tf.layers.dropout({ rate: 0.5, seed: 7 }).apply(x, training) as tf.Tensor,
  ],
  [
    'a noise layer',
    'randomNormal',
    () => (x) => tf.layers.gaussianNoise({ stddev: 1 }).apply(x, training) as tf.Tensor,
  ],
  ['random numbers as the result', 'randomUniform', () => () => tf.randomUniform([2], 0, 1, 'float32', 7)],
  [
    'what is computed from random numbers alone',
    'truncatedNormal',
    () => (x) => tf.add(x, tf.exp(tf.truncatedNormal([3]))),
  ],
  [
    'draws from constant probabilities',
    'multinomial',
    () => (x) => tf.add(x, tf.cast(tf.multinomial(tf.tensor1d([0.5, 0.5]), 3, 7), 'float32')),
  ],
  [
    'a variable that gets random numbers',
    'randomNormal',
    () => {
      const variable = total();
      return (x) => (variable.assign(tf.randomNormal([2, 3])), x);
    },
  ],
  ['an operation of the same name in another package', 'randomBits', () => (x) => tf.add(x, ownOperation(x))],
])('%s', (_, operation, fn) => {
  it('is refused by its name, and nothing is left behind', () => {
    const traced = fn();
    const before = tf.memory().numTensors;
    expect(() => trace(traced, X)).toThrow(`draws random numbers of its own (by ${operation})`);
    expect(tf.memory().numTensors).toBe(before);
    tf.disposeVariables();
  });
});

describe('random numbers that no run repeats', () => {
  it('may start a variable', async () => {
    const layer = tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotNormal({ seed: 7 }) });
    const compiled = await compile((x) => layer.apply(x) as tf.Tensor, X); // builds the layer, too
    const x = tf.ones([2, 3]);
    const { output } = await compiled.run({ x: x.dataSync() });
    const wanted = (layer.apply(x) as tf.Tensor).dataSync();
    output!.data.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 6));
    await compiled.dispose();
  });

  it('may be made before, equal a constant of the function, or stay unread', () => {
    const noise = tf.randomNormal([2, 3], 0, 1, 'float32', 7);
    const { graph } = trace((x) => {
      tf.dropout(tf.ones([2, 3]), 1e-9);
      return tf.add(tf.sub(x, tf.ones([2, 3])), noise);
    }, X);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Sub', 'Add']);
  });
});
