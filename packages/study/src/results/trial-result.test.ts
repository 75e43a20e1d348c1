import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { settingKey, trialKey, workKey } from './trial-result.ts';

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
