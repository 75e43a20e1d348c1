import { CompileError } from '@polytask/compile';
import { fusionWeights, multiTaskModel, type LevelReport, type MultiTaskModel, type Tasks } from '@polytask/core';
import { adam, earlyStopping, evaluate, fit } from '@polytask/training';
import { delongInterval, type Metric, type MetricName } from '@polytask/metrics';
import { multiplyAdds } from '../budgets/multiply-adds.ts';
import { divergenceGuard } from '../guards/divergence-guard.ts';
import { predictionGuards } from '../guards/prediction-guards.ts';
import type { TrialData } from '../suites/suite.ts';
import { metricsOf } from '../summary/metric-rows.ts';
import { keptScores, type KeptScores } from './kept-scores.ts';
import type { TrialHooks, TrialJob } from './trial-job.ts';
import type { FusionLevel, Trial } from './trial.ts';

/** What a trial finds out. */
export type Measured = Pick<Trial, 'metrics' | 'rowIntervals' | 'parameters' | 'multiplyAdds' | 'seconds' | 'epochs' | 'bestEpoch' | 'curve' | 'warnings' | 'fusion'>;

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
    const keepers = Object.entries(tasks).map(([task, { kind }]) => ({ task, kind, ...keptScores(kind) }));
    const keeping = Object.fromEntries(keepers.map(({ task, metric }): [string, (MetricName | Metric)[]] => [task, [...(measured[task] ?? []), metric]]));
    const scores = await evaluate(model, test, { metrics: keeping, engine, groups });
    const seconds = (performance.now() - made + (trained - start)) / 1000;
    return {
      metrics: Object.fromEntries(Object.entries(scores).map(([task, values]) => [task, chosen(values, measured[task] ?? [])])),
      rowIntervals: Object.fromEntries(keepers.flatMap(({ task, kind, kept }) => (kind === 'binary' && kept.even ? [[task, { auc: aucInterval(kept) }]] : []))),
      parameters: model.parameterCount,
      ...productsOf(model),
      seconds: rounded(seconds, 3),
      epochs: fitted.epochs,
      bestEpoch: fitted.best?.epoch ?? fitted.epochs,
      curve: fitted.history.map(({ loss, validation, seconds: time }) => ({
        loss: rounded(loss, 6),
        validation: Object.fromEntries(Object.entries(validation ?? {}).map(([task, values]) => [task, rounded(values[selection] ?? NaN, 6)])),
        seconds: rounded(time, 3),
      })),
      warnings: [
        ...divergenceGuard(fitted.history.map(({ loss }) => loss)),
        ...predictionGuards(Object.fromEntries(keepers.map(({ task, kept }) => [task, kept.predictions]))),
      ],
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

/** Nothing of a model that does what can't be traced. */
function productsOf(model: MultiTaskModel): { multiplyAdds?: number } {
  try {
    return { multiplyAdds: multiplyAdds(model) };
  } catch (error) {
    if (error instanceof CompileError) return {};
    throw error;
  }
}

/** DeLong's, over samples of test rows. */
function aucInterval({ labels, predictions }: KeptScores): { low: number; high: number } {
  const { low, high } = delongInterval(labels, predictions);
  return { low, high };
}

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
