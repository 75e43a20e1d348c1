import { defineOptimizer, sgd, type OptimizerRule, type OptimizerSpec } from '@polytask/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { failing } from '../testing/failing.ts';
import { testOptimizer } from './optimizer.ts';
import { some } from '../../../../cases.base.ts';

const JSON_SAYS_ALL = 'its spec is plain JSON and says all';
const FLAT = 'tensors, WebAssembly and blocks of numbers give the same, bit for bit';
const LEARNS = 'it learns';
const ENGINES = 'a fit is finite, and the same on both engines';
const BY_ROWS = 'a table with sparse updates trains as it says';
const RESUMED = 'a killed fit goes on bit for bit';
const WAY = 'predictions stay the same: CSV, fit, save, load';

type Rule = OptimizerRule<object>;

const descent: Rule = {
  slots: () => ({}),
  coefficients: (_, { learningRate }) => ({ learningRate }),
  update: ({ parameter, gradient }, { learningRate }, { sub, mul }) => ({
    parameter: sub(parameter, mul(gradient, learningRate!)),
    slots: {},
  }),
};

const flawed = (name: string, rule: Partial<Rule>): OptimizerSpec =>
  defineOptimizer(`test.flawed-${name}`, { ...descent, ...rule })(0.3);

let calls = 0;

const FLAWS: readonly [string, OptimizerSpec, readonly string[]][] = [
  ['none', flawed('none', {}), []],
  ['a step of no length', sgd(0), [LEARNS]],
  [
    'steps uphill',
    flawed('uphill', {
      update: ({ parameter, gradient }, { learningRate }, { add, mul }) => ({
        parameter: add(parameter, mul(gradient, learningRate!)),
        slots: {},
      }),
    }),
    [LEARNS],
  ],
  [
    'operations of TF.js',
    flawed('norm', {
      update: ({ parameter, gradient }, { learningRate }, { sub, mul }) => ({
        parameter: sub(parameter, mul(tf.mul(gradient as tf.Tensor, 1) as never, learningRate!)),
        slots: {},
      }),
    }),
    [FLAT, ENGINES, BY_ROWS, WAY],
  ],
  [
    'a secret of the module',
    flawed('secret', {
      coefficients: (_, { learningRate }) => ({ learningRate: learningRate * (1 + 0.5 * Math.sin(calls++)) }),
    }),
    [JSON_SAYS_ALL, FLAT, ENGINES, BY_ROWS, RESUMED],
  ],
  [
    'momentum that is exact with sparse updates, without idle motion',
    flawed('momentum', {
      isExactByRows: () => true,
      slots: () => ({ m: 0 }),
      update({ parameter, gradient, slots }, { learningRate }, { add, sub, mul }) {
        const m = add(mul(slots['m']!, 0.9), gradient);
        return { parameter: sub(parameter, mul(m, learningRate!)), slots: { m } };
      },
    }),
    [BY_ROWS],
  ],
];

it.each(some(FLAWS, 2))('finds %s', async (_, spec, expected) => {
  const failures = await failing(testOptimizer.cases(spec, { name: 'mine' }), expected);
  expect(Object.keys(failures).sort()).toEqual([...expected].sort());
  for (const [name, message] of Object.entries(failures))
    expect(message).toMatch(`optimizer mine: "${name}" doesn't hold.`);
});
