import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { adam } from '../adam.ts';
import { belowOne, defineOptimizer, createOptimizer, type OptimizerSpec } from '../optimizer.ts';
import { tensorMath } from '@polytask/core';
import { FlatOptimizer } from './flat-optimizer.ts';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => vi.unstubAllGlobals());

const SIZE = 1027;
const STEPS = 5;

/** Chen et al. 2023, algorithm 2: signs, and two means of one slot. */
const lion = defineOptimizer(
  'test.lion',
  {
    slots: () => ({ m: 0 }),
    coefficients: ({ beta1, beta2 }, { learningRate }) => ({
      learningRate,
      beta1,
      beta2,
      rest1: 1 - beta1,
      rest2: 1 - beta2,
    }),
    update({ parameter, gradient, slots }, { learningRate, beta1, beta2, rest1, rest2 }, { add, sub, mul, sign }) {
      const blend = (kept: typeof parameter, rest: typeof parameter) =>
        add(mul(slots['m']!, kept), mul(gradient, rest));
      return {
        parameter: sub(parameter, mul(sign(blend(beta1!, rest1!)), learningRate!)),
        slots: { m: blend(beta2!, rest2!) },
      };
    },
  },
  { options: { beta1: belowOne, beta2: belowOne } },
);

/** Other coefficients in the first two steps than later: what is assembled depends on which there are. */
const warm = defineOptimizer('test.warm', {
  slots: () => ({}),
  coefficients: (_, { step, learningRate }): Record<string, number> =>
    step > 2 ? { learningRate, half: 0.5 } : { learningRate },
  update: ({ parameter, gradient }, { learningRate, half }, { sub, mul, maximum, minimum, abs, neg }) => {
    const bounded = half === undefined ? gradient : maximum(minimum(gradient, half), neg(abs(half)));
    return { parameter: sub(parameter, mul(bounded, learningRate!)), slots: {} };
  },
});

/** All of this package are in testOptimizer's rows, in packages/testing. */
const optimizers: [string, OptimizerSpec][] = [
  ['adam', adam(0.01)],
  ['lion', lion(0.01, { beta1: 0.9, beta2: 0.99 })],
  ['one that warms up', warm(0.1, {})],
];

const numbers = (seed: number) =>
  tf.tidy(() => tf.randomNormal([SIZE], 0, 1, 'float32', seed).dataSync<'float32'>().slice());
const starts = numbers(1);
/** Tiny gradients too, whose squares are denormal or nothing, and some of 0. */
const gradientsAt = (step: number) => numbers(step + 1).map((value, i) => (i % 9 === 0 ? 0 : value * 10 ** -(i % 24)));

type State = Record<string, Float32Array>;

function onTensors(spec: OptimizerSpec): State {
  return tf.tidy(() => {
    const optimizer = createOptimizer(spec);
    let parameter: tf.Tensor = tf.tensor1d(starts);
    let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(
      Object.entries(optimizer.slots).map(([slot, value]) => [slot, tf.fill([SIZE], value)]),
    );
    for (let step = 1; step <= STEPS; step++) {
      const coefficients = Object.entries(optimizer.coefficients({ step, learningRate: 0.1 / step }));
      const scalars = Object.fromEntries(
        coefficients.map(([name, value]): [string, tf.Tensor] => [name, tf.scalar(value)]),
      );
      const now = { parameter, gradient: tf.tensor1d(gradientsAt(step)), slots };
      ({ parameter, slots } = optimizer.update(now, scalars, tensorMath));
    }
    return Object.fromEntries(
      Object.entries({ ...slots, parameter }).map(([name, each]) => [name, each.dataSync<'float32'>()]),
    );
  });
}

function inBuffers(spec: OptimizerSpec, ends: readonly number[] = [SIZE]): State {
  const flat = new FlatOptimizer(spec, SIZE);
  flat.parameters.set(starts);
  for (let step = 1; step <= STEPS; step++) {
    flat.gradients.set(gradientsAt(step));
    ends.forEach((end, i) => flat.update({ step, learningRate: 0.1 / step }, end, ends[i - 1] ?? 0));
  }
  return { ...flat.slots, parameter: flat.parameters };
}

describe.each(optimizers)('%s', (_, spec) => {
  it('does in WebAssembly what it does on TF.js tensors, bit for bit', () => {
    const compile = vi.spyOn(WebAssembly, 'Instance');
    expect(inBuffers(spec)).toEqual(onTensors(spec));
    expect(compile).toHaveBeenCalled();
    compile.mockRestore();
  });

  it('does the same range by range, and nothing beside them', () => {
    const whole = inBuffers(spec);
    expect(inBuffers(spec, [5, 8, 9, 1024, SIZE])).toEqual(whole);
    const [parameter, first] = [inBuffers(spec, [6])['parameter']!, whole['parameter']!];
    expect([...parameter.subarray(0, 6)]).toEqual([...first.subarray(0, 6)]);
    expect([...parameter.subarray(6)]).toEqual([...starts.subarray(6)]);
  });

  it('does the same without WebAssembly, or without its vectors', () => {
    const expected = onTensors(spec);
    vi.stubGlobal('WebAssembly', { Memory: WebAssembly.Memory });
    expect(inBuffers(spec)).toEqual(expected);
    vi.stubGlobal('WebAssembly', undefined);
    expect(inBuffers(spec)).toEqual(expected);
  });
});

it('has nothing to do for no numbers', () => {
  const none = new FlatOptimizer(adam(), 0);
  none.update({ step: 1, learningRate: 0.1 });
  expect(none.parameters).toHaveLength(0);
});

it('puts each buffer on a cache line of its own', () => {
  const { parameters, gradients, slots } = new FlatOptimizer(adam(), 19);
  expect([parameters, gradients, slots['m']!, slots['v']!].map(({ byteOffset }) => byteOffset)).toEqual([
    0, 128, 256, 384,
  ]);
});

it('says at once what is not elementwise', () => {
  const normed = defineOptimizer('test.normed', {
    slots: () => ({}),
    coefficients: () => ({}),
    update: ({ parameter, gradient }) => ({
      parameter: tf.div(parameter as tf.Tensor, tf.norm(gradient as tf.Tensor)) as never,
      slots: {},
    }),
  });
  expect(() => new FlatOptimizer(normed(0.1, {}), 4)).toThrow(
    'The update of the optimizer "test.normed" is not elementwise arithmetic',
  );
});
