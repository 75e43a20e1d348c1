import { fusionWeights, multiTaskModel, type LevelReport, type Tasks } from '@polytask/core';
import { adam, earlyStopping, evaluate, fit } from '@polytask/training';
import type { MetricName } from '@polytask/metrics';
import type { TrialData } from '../suites/suite.ts';
import { metricsOf } from '../summary/metric-rows.ts';
import type { TrialHooks, TrialJob } from './trial-job.ts';
import type { FusionLevel, Trial } from './trial.ts';

/** What a trial finds out. */
export type Measured = Pick<Trial, 'metrics' | 'parameters' | 'seconds' | 'epochs' | 'bestEpoch' | 'fusion'>;

/**
 * Trains a model on one seed's rows, picks the epoch on the validation rows, and then, once, takes the test rows. The
 * seed gives the model's start and the order of the batches.
 */
export async function runTrial(data: TrialData, job: Omit<TrialJob, 'request'>, { onEpoch, signal }: TrialHooks = {}): Promise<Measured> {
  const { parts, training, rate, seed, engine } = job;
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
