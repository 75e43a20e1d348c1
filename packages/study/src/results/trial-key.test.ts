import { type BalancerSpec, famo, gradDrop, pcGrad, rotoGrad } from '@polytask/balancing';
import { linearExpert, sequential } from '@polytask/experts';
import { gumbelGate } from '@polytask/gating';
import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { contentKey, settingKey, trialKey, workKey } from './trial-key.ts';

const trial = trialOf();

test('a trial is known again after a round trip through JSON with its keys in another order', () => {
  const { config, ...rest } = trial;
  const other = JSON.parse(
    JSON.stringify({ config: Object.fromEntries(Object.entries(config).reverse()), ...rest }),
  ) as typeof trial;
  expect(trialKey(other)).toBe(trialKey(trial));
});

test.each([
  ['suite', trialOf({ suite: 'other' })],
  ['model', trialOf({ model: 'adatt' })],
  ['seed', trialOf({ seed: 2 })],
  ['engine', trialOf({ engine: 'wasm' })],
  ['epochs', trialOf({ config: { ...trial.config, training: { ...trial.config.training, epochs: 4 } } })],
  ['network', trialOf({ config: { ...trial.config, model: { network: { levels: 2 }, rate: 1 } } })],
])('another %s is another trial', (_, other) => {
  expect(trialKey(other)).not.toBe(trialKey(trial));
});

test.each<[BalancerSpec, object]>([
  [famo(), { kind: 'famo', contract: 'losses', config: { learningRate: 0.025, decay: 0.001 } }],
  [pcGrad(), { kind: 'pcgrad', contract: 'gramian', of: 'parameters', config: {} }],
  [pcGrad({ of: 'representation' }), { kind: 'pcgrad', contract: 'gramian', of: 'representation', config: {} }],
  [gradDrop(), { kind: 'graddrop', contract: 'jacobian', config: { leak: 0 } }],
  [
    rotoGrad(),
    {
      ...{ kind: 'rotograd', contract: 'gramian', of: 'representation' },
      rotates: { learningRate: 0.1, decay: 0.9999 },
      config: { scaling: { kind: 'rotograd-scale', contract: 'gramian', of: 'parameters', config: {} } },
    },
  ],
])('a trial with a balancer has the key that it had with the spec of earlier versions: %j', (balancing, earlier) => {
  const { suite, model, seed, engine, config } = trial;
  const under = (spec: unknown) => ({ ...config, model: { ...config.model, balancing: spec } });
  const before = contentKey({ suite, model, seed, engine, config: under(earlier) });
  expect(trialKey({ ...trial, config: under(balancing) })).toBe(before);
});

test('a trial keeps its key when its components, their options, its optimizer and its selection get other names', () => {
  const { suite, model, seed, engine, config } = trial;
  const named = (experts: unknown, gate: unknown, optimizer: string, selection: string) => ({
    ...config,
    training: { ...config.training, optimizer, selection },
    model: { network: { kind: 'network', name: 'mmoe', config: { levels: [{ experts, gate }] } }, rate: 1, chosen: { optimizer } },
  });
  const earlier = named(
    { kind: 'expert', name: 'sequence', config: { experts: [{ kind: 'expert', name: 'linear', config: { units: 4 } }] } },
    { kind: 'gate', name: 'gumbel', config: { coldest: 0.2 } },
    'adamW(weightDecay=0.05)',
    'relativeError',
  );
  const today = named(
    sequential(linearExpert({ units: 4 })),
    gumbelGate({ minTemperature: 0.2 }),
    'adamw(weightDecay=0.05)',
    'normalizedLoss',
  );
  expect(trialKey({ ...trial, config: today })).toBe(contentKey({ suite, model, seed, engine, config: earlier }));
  const keys = [trialKey, settingKey, workKey];
  expect(keys.map((key) => key({ ...trial, config: earlier }))).toEqual(keys.map((key) => key({ ...trial, config: today })));
});

test('what was measured is no part of it', () => {
  expect(trialKey(trialOf({ seconds: 99, metrics: {}, versions: {} }))).toBe(trialKey(trial));
});

test('work is the same under another name, in another suite, however its numbers were found', () => {
  const { config } = trial;
  const { training } = config;
  const searched = (learningRate: number, own: number) =>
    trialOf({
      suite: 'other',
      model: 'other',
      config: {
        ...config,
        search: { method: 'grid' },
        training: { ...training, learningRate },
        model: { ...config.model, chosen: { learningRate: own } },
      },
    });
  const rate = training.learningRate as number;
  expect(workKey(searched(99, rate))).toBe(workKey(trial));
  expect(workKey(searched(rate, 99))).not.toBe(workKey(trial));
  for (const other of [
    trialOf({ seed: 2 }),
    trialOf({ engine: 'wasm' }),
    trialOf({ config: { ...config, data: { set: 'toy', rows: 5 } } }),
    trialOf({ config: { ...config, model: { ...config.model, rate: 3 } } }),
  ]) {
    expect(workKey(other)).not.toBe(workKey(trial));
  }
});

test('a setting is all but model and seed', () => {
  expect(
    settingKey(trialOf({ model: 'adatt', seed: 9, config: { ...trial.config, model: { network: 1, rate: 10 } } })),
  ).toBe(settingKey(trial));
  expect(settingKey(trialOf({ engine: 'wasm' }))).not.toBe(settingKey(trial));
  expect(settingKey(trialOf({ config: { ...trial.config, data: { set: 'toy', rows: 5 } } }))).not.toBe(
    settingKey(trial),
  );
});
