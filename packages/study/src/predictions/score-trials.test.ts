import { binary } from '@polytask/core';
import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { trialKey, type TrialResult, type PredictionStore, type TrialPredictions } from '../results/trial-result.ts';
import { scoreTrials } from './score-trials.ts';

const LABELS = [1, 0, 1, 0];

const predicted = (...predictions: number[]): TrialPredictions => ({
  tasks: { click: binary() },
  validation: undefined,
  test: {
    size: LABELS.length,
    groups: undefined,
    byTask: {
      click: {
        rows: Uint32Array.from(LABELS.keys()),
        labels: Float64Array.from(LABELS),
        predictions: Float64Array.from(predictions),
        weights: new Float64Array(LABELS.length).fill(1),
      },
    },
  },
});

const storeOf = (entries: readonly (readonly [TrialResult, TrialPredictions])[]): PredictionStore => {
  const byKey = new Map(entries.map(([trial, predictions]) => [trialKey(trial), predictions]));
  return {
    keys: () => Promise.resolve(new Set(byKey.keys())),
    read: (key) => Promise.resolve(byKey.get(key)!),
    write: () => Promise.resolve(),
  };
};

test("the mean of a model's seeds is one trial of the whole cost; a model with one seed has none", async () => {
  // each seed puts one 0 above one 1: AUC .75; their mean orders all rows rightly: AUC 1
  const entries = [
    [trialOf({ model: 'ple', seed: 1, seconds: 2 }), predicted(0.9, 0.6, 0.5, 0.1)],
    [trialOf({ model: 'ple', seed: 2, seconds: 3 }), predicted(0.5, 0.1, 0.9, 0.6)],
    [trialOf({ model: 'adatt', seed: 1 }), predicted(0.9, 0.1, 0.9, 0.1)],
  ] as const;
  const trials = entries.map(([trial]) => trial);
  const scored = await scoreTrials(trials, storeOf(entries), { metrics: ['auc'], ensemble: 'seeds' });
  expect(scored.map(({ model, seed, metrics }) => [model, seed, metrics['click']!['auc']])).toEqual([
    ['ple', 1, 0.75],
    ['ple', 2, 0.75],
    ['ensemble of ple', 1, 1],
    ['adatt', 1, 1],
  ]);
  const { parameters, seconds, config } = scored[2]!;
  expect([parameters, seconds]).toEqual([2 * 1234, 5]);
  expect(config.model.network).toEqual({ ensemble: {}, seeds: [1, 2] });
});
