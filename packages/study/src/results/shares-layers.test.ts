import { type NetworkSpec, sharesLayers } from '@polytask/core';
import { expect, test } from 'vitest';
import { models } from '../models/models.ts';
import { trialOf } from '../testing/trial-of.ts';
import { couplesOutputsOf } from './trial-result.ts';

const size = { levels: [4, 4], experts: 6, tower: [3], embedding: 2 };
const TASKS = ['click', 'like', 'buy'];
const metrics = Object.fromEntries(TASKS.map((task) => [task, { auc: 0.5 }]));

const resultOf = (network: unknown) =>
  trialOf({ metrics, config: { ...trialOf().config, model: { network, rate: 1 } } });

test('of all models that a comparison knows, eight share nothing but embeddings, four of which couple outputs', () => {
  const named = models().map(({ name, build }) => {
    const { network } = build(size, TASKS);
    return { name, shares: sharesLayers(network, TASKS), couples: couplesOutputsOf(resultOf(network)) };
  });
  expect(named.flatMap(({ name, shares }) => (shares ? [] : [[name, shares]]))).toEqual([
    ['logistic-regression', false],
    ['single-task', false],
    ['pepnet', false], // without a domain, its gates read the input and train no layer of another task
    ...['esmm', 'escm2-ips', 'escm2-dr', 'dcmt'].map((name) => [name, false]),
    ['gradient-boosting', false],
  ]);
  expect(new Set(named.flatMap(({ name, couples }) => (couples ? [name] : [])))).toEqual(
    new Set(['esmm', 'escm2-ips', 'escm2-dr', 'dcmt', 'aitm']),
  );
});

test('the model decides with its options: PLE without shared experts, and gates that see their own experts', () => {
  const [ple] = models().flatMap(({ name, build }) => (name === 'ple' ? [build(size, TASKS).network] : []));
  const { levels } = ple!.config as { levels: readonly object[] };
  const apart = { ...ple, config: { levels: levels.map((level) => ({ ...level, shared: 0 })) } };
  expect(sharesLayers(apart as NetworkSpec, TASKS)).toBe(false);
});

test('nobody knows whether the outputs of an ensemble, and of an architecture that is not imported, depend on each other', () => {
  expect(couplesOutputsOf(resultOf({ ensemble: { adatt: 2 } }))).toBeUndefined();
  expect(couplesOutputsOf(resultOf({ kind: 'network', name: 'mine/not-imported', config: {} }))).toBeUndefined();
});
