import { adam, adamW, cosine } from '@polytask/training';
import { expect, test } from 'vitest';
import { optimizerFor, trainingConfig, trainingSentences } from './choices.ts';

const training = { epochs: 7, batchSize: 32, learningRate: 0.01, patience: 2, selection: 'auc' };

test('the optimizer is Adam with the learning rate, unless a training names another', () => {
  expect(trainingConfig(training)).toEqual({ ...training, optimizer: 'adam' });
  expect(optimizerFor({ ...training, optimizer: 'adam' }, 3)).toEqual(adam(0.03));
  const named = trainingConfig({ ...training, optimizer: 'adamw( weightDecay = 0.050 )', schedule: 'cosine' as const });
  expect(named.optimizer).toBe('adamw(weightDecay=0.05)');
  expect(optimizerFor(named, 1)).toEqual(adamW(cosine(0.01, { epochs: 7 }), { weightDecay: 0.05 }));
});

test('a wrong optimizer is named, with what to do', () => {
  const of = (optimizer: string) => () => optimizerFor({ ...training, optimizer }, 1);
  expect(of('adma')).toThrow('Did you mean "adam"?');
  expect(of('adamw(decay=1)')).toThrow('weightDecay');
  expect(of('adam(learningRate=1)')).toThrow('pass it as learningRate (--learning-rate)');
});

test('a report says what is not usual', () => {
  expect(trainingSentences({ ...training, optimizer: 'adam', schedule: 'constant' })).toEqual([]);
  expect(trainingSentences({ ...training, headStart: 'base-rate', schedule: 'cosine', teacher: 0.25 })).toEqual([
    "The heads start at the tasks' base rates.",
    'The rate falls to 0 along a cosine.',
    "0.25 of each training label is gradient boosting's prediction, out of fold.",
  ]);
  const taught = trainingSentences({ ...training, teacher: 0.25, teacherModel: 'c0ffee' });
  expect(taught).toEqual(["0.25 of each training label is a trained model's prediction."]);
});
