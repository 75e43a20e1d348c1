import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adagrad } from './adagrad.ts';
import { adam, adamW } from './adam.ts';
import { FlatOptimizer } from './flat/flat-optimizer.ts';
import { createOptimizer, defineOptimizer, type OptimizerSpec } from './optimizer.ts';
import { sgd } from './sgd.ts';
import { tensorMath } from '@polytask/core';

beforeAll(() => tf.setBackend('cpu'));

/** One number's way under a formula written down here once more, in double precision. */
type Oracle = (parameter: number, gradient: number, state: number[], step: number) => number;

const torchAdam =
  (lr: number, { l2 = 0, decoupled = 0, b1 = 0.9, b2 = 0.999, eps = 1e-8 }): Oracle =>
  (p, g, s, t) => {
    p *= 1 - lr * decoupled;
    g += l2 * p;
    s[0] = b1 * (s[0] ?? 0) + (1 - b1) * g;
    s[1] = b2 * (s[1] ?? 0) + (1 - b2) * g ** 2;
    return p - (lr * (s[0] / (1 - b1 ** t))) / (Math.sqrt(s[1] / (1 - b2 ** t)) + eps);
  };

const torchSgd =
  (lr: number, { l2 = 0, momentum = 0, nesterov = false }): Oracle =>
  (p, g, s, t) => {
    g += l2 * p;
    s[0] = t === 1 ? g : momentum * s[0]! + g;
    return p - lr * (nesterov ? g + momentum * s[0] : s[0]);
  };

const torchAdagrad =
  (lr: number, { l2 = 0, initial = 0, eps = 1e-10 }): Oracle =>
  (p, g, s) => {
    g += l2 * p;
    s[0] = (s[0] ?? initial) + g * g;
    return p - (lr * g) / (Math.sqrt(s[0]) + eps);
  };

/** The example of the docs. */
const signDescent = defineOptimizer('sign', {
  slots: () => ({}),
  coefficients: (_, { learningRate }) => ({ learningRate }),
  update: ({ parameter, gradient }, { learningRate }, { sub, mul, sign }) => ({
    parameter: sub(parameter, mul(sign(gradient), learningRate!)),
    slots: {},
  }),
});

const table: [string, OptimizerSpec, Oracle][] = [
  ['adam', adam(0.01), torchAdam(0.01, {})],
  [
    'adam, all options',
    adam(0.02, { beta1: 0.5, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.1 }),
    torchAdam(0.02, { b1: 0.5, b2: 0.9, eps: 1e-4, l2: 0.1 }),
  ],
  ['adamW', adamW(0.01), torchAdam(0.01, { decoupled: 0.01 })],
  ['adamW, decay 0.5', adamW(0.01, { weightDecay: 0.5 }), torchAdam(0.01, { decoupled: 0.5 })],
  ['sgd', sgd(0.1), torchSgd(0.1, {})],
  [
    'sgd, momentum and decay',
    sgd(0.1, { momentum: 0.9, weightDecay: 0.01 }),
    torchSgd(0.1, { momentum: 0.9, l2: 0.01 }),
  ],
  ['sgd, nesterov', sgd(0.1, { momentum: 0.8, nesterov: true }), torchSgd(0.1, { momentum: 0.8, nesterov: true })],
  ['adagrad', adagrad(0.1), torchAdagrad(0.1, {})],
  [
    'adagrad, all options',
    adagrad(0.1, { initialAccumulator: 0.1, epsilon: 1e-3, weightDecay: 0.1 }),
    torchAdagrad(0.1, { initial: 0.1, eps: 1e-3, l2: 0.1 }),
  ],
  ['one of your own', signDescent(0.1, {}), (p, g) => p - 0.1 * Math.sign(g)],
];

const start = [1, -0.5, 0.25, 0];
const gradients = [
  [0.3, -2, 1e-4, 0],
  [-0.1, -1, 3e-4, 0],
  [0.2, 0.5, -1e-4, 0],
  [0.25, 0, 2e-4, 0],
];

/** The way of each number by the formula: [steps][numbers]. */
function expectedWay(oracle: Oracle): number[][] {
  const states = start.map((): number[] => []);
  let now = start;
  return gradients.map((g, t) => (now = now.map((p, i) => oracle(p, g[i]!, states[i]!, t + 1))));
}

function tensorWay(spec: OptimizerSpec): number[][] {
  const optimizer = createOptimizer(spec);
  let parameter: tf.Tensor = tf.tensor2d(start, [2, 2]);
  let slots: Record<string, tf.Tensor> = Object.fromEntries(
    Object.entries(optimizer.slots).map(([slot, value]) => [slot, tf.fill([2, 2], value)]),
  );
  return gradients.map((g, t) => {
    const coefficients = optimizer.coefficients({ step: t + 1, learningRate: spec.config.learningRate as number });
    const scalars = Object.fromEntries(Object.entries(coefficients).map(([name, value]) => [name, tf.scalar(value)]));
    const next = optimizer.update({ parameter, gradient: tf.tensor2d(g, [2, 2]), slots }, scalars, tensorMath);
    parameter = next.parameter;
    slots = { ...next.slots };
    return [...parameter.dataSync()];
  });
}

function flatWay(spec: OptimizerSpec): number[][] {
  const flat = new FlatOptimizer(spec, start.length);
  flat.parameters.set(start);
  return gradients.map((g, t) => {
    flat.gradients.set(g);
    flat.update({ step: t + 1, learningRate: spec.config.learningRate as number });
    return [...flat.parameters];
  });
}

describe.each(table)('%s', (_name, spec, oracle) => {
  test.each([
    ['on tensors', tensorWay],
    ['in flat buffers', flatWay],
  ] as const)('%s follows the formula', (_where, way) => {
    const expected = expectedWay(oracle);
    const actual = tf.tidy(() => way(spec));
    expected.forEach((row, t) =>
      row.forEach((value, i) =>
        expect(Math.abs(actual[t]![i]! - value), `step ${t + 1}, number ${i}`).toBeLessThan(2e-7),
      ),
    );
    expect(actual[3]!.slice(0, 3)).not.toEqual(start.slice(0, 3)); // it moved at all
    expect(actual.map((row) => row[3])).toEqual([0, 0, 0, 0]); // a dead entry stays dead
  });
});

test('bias correction is in double precision', () => {
  const { step } = createOptimizer(adam()).coefficients({ step: 1, learningRate: 1e-3 });
  expect(step).toBe((1e-3 * Math.sqrt(1 - 0.999)) / (1 - 0.9)); // 1 − 0.999 in float32 is 4.7e-5 off
});

test('nonsense is refused', () => {
  expect(() => adam(-1)).toThrow('Expected a number of 0 or more for adam.learningRate, received -1.');
  expect(() => adam('0.1' as never)).toThrow('received "0.1"');
  expect(() => adam(1e-3, { beta1: 1 })).toThrow('Expected a number in [0, 1) for adam.beta1, received 1.');
  expect(() => adam(1e-3, { beta: 1 } as never)).toThrow(
    'Expected an option of adam, received "beta". Did you mean "beta1"?',
  );
  expect(() => adamW(1e-3, { epsilon: 0 })).toThrow('adamw.epsilon');
  expect(() => sgd(0.1, { nesterov: true })).toThrow('Expected a momentum with nesterov, received none.');
  expect(() => adagrad(0.1, { weightDecay: NaN })).toThrow('adagrad.weightDecay, received NaN');
  expect(() => createOptimizer({ ...adam(), name: 'adma' })).toThrow('Did you mean "adam"?');
  expect(() => createOptimizer(adam as never)).toThrow(
    'Expected an optimizer for training, received a function. Call it',
  );
  expect(() => defineOptimizer('adam', { slots: () => ({}), coefficients: () => ({}), update: (now) => now })).toThrow(
    '"adam", which is taken',
  );
});
