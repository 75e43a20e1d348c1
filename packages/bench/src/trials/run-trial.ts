import type { BalancerSpec } from '@polytask/balancing';
import { fusionWeights, multiTaskModel, type LevelReport, type Tasks } from '@polytask/core';
import { adam, earlyStopping, evaluate, fit } from '@polytask/training';
import type { MetricName } from '@polytask/metrics';
import type { ModelParts } from '../models/model-row.ts';
import type { TrialData } from '../suites/suite.ts';
import { metricsOf } from '../summary/metric-rows.ts';
import type { FusionLevel, Trial, TrialConfig } from './trial.ts';

/** What training takes, but for the data. */
export interface TrialPlan {
  readonly parts: ModelParts;
  /** None: the plain sum of the losses. */
  readonly balancing?: BalancerSpec | undefined;
  readonly training: TrialConfig['training'];
  /** Times the learning rate of `training`. */
  readonly rate: number;
  readonly seed: number;
  readonly engine: 'compiled' | 'eager';
  readonly onEpoch?: ((epoch: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a trial finds out. */
export type Measured = Pick<Trial, 'metrics' | 'parameters' | 'seconds' | 'epochs' | 'bestEpoch' | 'fusion' | 'balancing'>;

/**
 * Trains a model on one seed's rows, picks the epoch on the validation rows, and then, once, takes the test rows. The
 * seed gives the model's start and the order of the batches.
 */
export async function runTrial(data: TrialData, { parts, balancing, training, rate, seed, engine, onEpoch, signal }: TrialPlan): Promise<Measured> {
  const { epochs, batchSize, learningRate, patience, selection } = training;
  const { tasks } = data.train.schema;
  const metrics = metricNames(tasks);
  const model = multiTaskModel({ schema: data.train.schema, ...parts, seed });
  try {
    const start = performance.now();
    const fitted = await fit(model, data.train, {
      epochs,
      batchSize,
      optimizer: adam(rate * learningRate),
      seed,
      validation: data.validation,
      metrics,
      stopping: earlyStopping({ metric: selection, patience }),
      engine, // and no other: the trial says what it ran on
      progress: false,
      callbacks: { onEpochEnd: ({ epoch }) => onEpoch?.(epoch) },
      ...(balancing && { balancing }),
      ...(signal && { signal }),
    });
    const trained = performance.now();
    const test = data.test();
    const made = performance.now();
    const groups = data.testGroups;
    const measured = metricNames(tasks, groups !== undefined);
    const scores = await evaluate(model, test, { metrics: measured, engine, groups });
    const seconds = (performance.now() - made + (trained - start)) / 1000;
    return {
      metrics: Object.fromEntries(Object.entries(scores).map(([task, values]) => [task, chosen(values, measured[task] ?? [])])),
      parameters: model.parameterCount,
      seconds: rounded(seconds, 3),
      epochs: fitted.epochs,
      bestEpoch: fitted.best?.epoch ?? fitted.epochs,
      fusion: fusionWeights(model, test).map(compact),
      ...(balancing && { balancing: fitted.history.map(({ balancing: report = {} }) => report as NonNullable<Trial['balancing']>[number]) }),
    };
  } finally {
    model.dispose();
  }
}

/** What epochs are picked by: the mean AUC where all tasks are binary, else the mean loss. */
export const selectionFor = (tasks: Tasks): 'auc' | 'loss' =>
  Object.values(tasks).every(({ kind }) => kind === 'binary') ? 'auc' : 'loss';

const metricNames = (tasks: Tasks, grouped = false): Record<string, MetricName[]> =>
  Object.fromEntries(Object.entries(tasks).map(([task, { kind }]) => [task, metricsOf(kind, grouped).map(({ name }) => name)]));

const chosen = (values: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? NaN]));

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const compact = ({ outputs, experts, gated, gatedDeviation, constant }: LevelReport): FusionLevel => {
  const table = (values: number[][]) => values.map((row) => row.map((value) => rounded(value, 5)));
  return {
    outputs: [...outputs],
    experts: experts.map(({ unit, index }) => `${unit}.${index}`),
    gated: table(gated),
    gatedDeviation: table(gatedDeviation),
    constant: table(constant),
  };
};
