import type { Finding, Subject } from '@polytask/components';
import type { TrialResult } from '../results/trial-result.ts';

/** A trial for tests, of the suite `toy`. */
export const trialOf = (given: Partial<TrialResult> = {}): TrialResult => ({
  suite: 'toy',
  model: 'single-task',
  parts: { model: given.model ?? 'single-task' },
  seed: 1,
  metrics: { click: { auc: 0.8, ne: 0.5 } },
  rowIntervals: {},
  parameters: 1234,
  seconds: 2,
  engine: 'cpu',
  versions: { node: '20.19.0' },
  config: {
    data: { set: 'toy', content: '0123456789abcdef' },
    training: {
      epochs: 3,
      batchSize: 64,
      learningRate: 0.001,
      optimizer: { kind: 'optimizer', name: 'adam', config: {} },
      patience: 2,
      selection: 'auc',
    },
    size: { levels: [4], experts: 2, tower: [3], embedding: 2 },
    model: { network: {}, rate: 1 },
  },
  epochs: 3,
  bestEpoch: 2,
  curve: [],
  warnings: [],
  fusion: [],
  ...given,
});

/** Trials of a model with seeds 1, 2, …, one for each value of a metric of the task `click`. */
export const trialsOf = (model: string, values: Readonly<Record<string, readonly number[]>>): TrialResult[] =>
  Object.values(values)[0]!.map((_, i) =>
    trialOf({
      model,
      seed: i + 1,
      metrics: { click: Object.fromEntries(Object.entries(values).map(([metric, list]) => [metric, list[i]!])) },
    }),
  );

/** A warning. */
export const findingOf = (kind: string, message: string, about: Subject = {}): Finding => ({
  ...{ kind, severity: 'warning', about, evidence: {}, message },
});
