import { readOptions } from '@polytask/core';
import { adam, adamW, cosine } from '@polytask/training';
import { expect, test } from 'vitest';
import { optimizerAt, trainingConfig, trainingOptions, trainingSentences } from './choices.ts';

const training = { epochs: 7, batchSize: 32, learningRate: 0.01, patience: 2, selection: 'auc' };
const of = (name: string, config: object = {}) => ({ kind: 'optimizer' as const, name, config: { ...config } });

test('the optimizer is Adam, unless a training has another', () => {
  expect(trainingConfig(training)).toEqual({ ...training, optimizer: of('adam') });
  expect(optimizerAt({}, 0.03)).toEqual(adam(0.03));
  const optimizer = of('adamw', { weightDecay: 0.05 });
  expect(trainingConfig({ ...training, optimizer }).optimizer).toEqual(optimizer);
  const falling = cosine(0.01, { epochs: 7 });
  expect(optimizerAt({ optimizer }, falling)).toEqual(adamW(falling, { weightDecay: 0.05 }));
});

test('a wrong choice is named, with what to do', () => {
  const read = (choices: object) => () => readOptions(choices, trainingOptions, 'training');
  expect(read({ optimizer: of('adma') })).toThrow('Did you mean "adam"?');
  expect(read({ optimizer: of('adamw', { decay: 1 }) })).toThrow('weightDecay');
  expect(read({ optimizer: adam(1) })).toThrow('pass it as learningRate (--learning-rate)');
  expect(read({ trainable: 'heads.*' })).toThrow('Expected a list of 1 or more for training.trainable');
  expect(read({ rates: { 'heads.*': 0 } })).toThrow(
    'Expected a factor above 0 for training.rates.heads.*, received 0.',
  );
});

test('a report says what is not usual', () => {
  expect(trainingSentences({ ...training, optimizer: of('adam'), schedule: 'constant' })).toEqual([]);
  expect(trainingSentences({ ...training, headStart: 'base-rate', schedule: 'cosine', teacher: 0.25 })).toEqual([
    "The heads start at the tasks' base rates.",
    'The rate falls to 0 along a cosine.',
    "0.25 of each training label is gradient boosting's prediction, out of fold.",
  ]);
  const taught = trainingSentences({ ...training, teacher: 0.25, teacherModel: 'c0ffee' });
  expect(taught).toEqual(["0.25 of each training label is a trained model's prediction."]);
  expect(trainingSentences({ trainable: ['heads.*', 'towers.*'], rates: { 'levels.0.*': 0.1 } })).toEqual([
    'Only heads.*, towers.* was trained, all else was frozen.',
    'Learning rates had these factors: levels.0.*=0.1.',
  ]);
});
