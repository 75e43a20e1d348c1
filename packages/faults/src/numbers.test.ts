import { PolytaskError } from '@polytask/core';
import { eagerEngine, sgd, type Engine } from '@polytask/training';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { checkNumbers, numbersCases } from './numbers.ts';

beforeAll(() => tf.setBackend('cpu'));

it.each(numbersCases.filter(({ slow }) => !slow))(
  '$name: the same predictions on both engines, or one error',
  async (each) => {
    const { refusal, fault } = await checkNumbers(each);
    expect(fault).toBeUndefined();
    expect(refusal).toMatch(/^(Expected .*|)$/);
  },
);

const failing = (error: Error): Engine => ({ ...eagerEngine, train: () => Promise.reject(error) });
/** An engine with another optimizer than it is told. */
const wrong: Engine = {
  ...eagerEngine,
  train: (model, recipe) => eagerEngine.train(model, { ...recipe, optimizer: sgd(1) }),
};

it.each([
  ['an error of its own', failing(new TypeError('x is undefined')), 'compiled: TypeError: x is undefined'],
  ['a refusal by one engine', failing(new PolytaskError('No.')), 'compiled: No. in place of predictions'],
  ['other predictions', wrong, /^compiled: y\[\d\] is .* in place of /],
])('finds %s', async (_, compared, fault) => {
  const [usual] = numbersCases.filter(({ name }) => name === 'one task');
  const outcome = await checkNumbers(usual!, compared);
  expect(outcome.fault).toMatch(fault);
});
