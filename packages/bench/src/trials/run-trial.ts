import { CompileError } from '@polytask/compile';
import type { MultiTaskModel } from '@polytask/core';
import { evaluate } from '@polytask/training';
import { delongInterval, type Metric, type MetricName } from '@polytask/metrics';
import { multiplyAdds } from '../budgets/multiply-adds.ts';
import { predictionGuards } from '../guards/prediction-guards.ts';
import { scoreGuards } from '../guards/score-guards.ts';
import { divergenceGuard, fitGuards } from '../guards/training-guards.ts';
import { keptScores, type KeptScores } from './kept-scores.ts';
import type { SealedTest, VisibleRows } from './sealed-rows.ts';
import { measureFusion } from './measure-fusion.ts';
import { rounded } from './rounded.ts';
import { metricNames, trainModel } from './train-model.ts';
import type { TrialHooks, TrialJob } from './trial-job.ts';
import type { Trial } from './trial.ts';
import { unseenMetrics } from './unseen-rows.ts';

/** What a trial finds out. */
export type Measured = Pick<
  Trial,
  | 'metrics'
  | 'relativeErrors'
  | 'rowIntervals'
  | 'unseen'
  | 'parameters'
  | 'multiplyAdds'
  | 'seconds'
  | 'epochs'
  | 'bestEpoch'
  | 'curve'
  | 'warnings'
  | 'fusion'
  | 'balancing'
>;

/**
 * Trains a model on one seed's rows, picks the epoch on the validation rows, and then, once, opens the test rows. The seed
 * gives the model's start and the order of the batches.
 */
export async function runTrial(
  { test: sealed, ...visible }: VisibleRows & { readonly test: SealedTest },
  job: Omit<TrialJob, 'request'>,
  hooks: TrialHooks = {},
): Promise<Measured> {
  const { engine } = job;
  const { selection } = job.training;
  const { tasks } = visible.train.schema;
  const { model, fitted, seconds: training } = await trainModel(visible, job, hooks);
  try {
    const { rows: test, groups } = sealed.open();
    const made = performance.now();
    const measured = metricNames(tasks, groups !== undefined);
    const keepers = Object.entries(tasks).map(([task, { kind }]) => ({
      task,
      kind,
      metrics: measured[task] ?? [],
      ...keptScores(kind),
    }));
    const keeping = Object.fromEntries(
      keepers.map(({ task, metrics, metric }): [string, (MetricName | Metric)[]] => [task, [...metrics, metric]]),
    );
    const scores = await evaluate(model, test, { metrics: keeping, engine, groups });
    const seconds = training + (performance.now() - made) / 1000;
    const unseen = unseenMetrics(visible.train, test, keepers);
    return {
      metrics: Object.fromEntries(
        Object.entries(scores).map(([task, values]) => [task, chosen(values, measured[task] ?? [])]),
      ),
      relativeErrors: Object.fromEntries(
        Object.entries(scores).map(([task, values]) => [task, values.relativeError ?? NaN]),
      ),
      rowIntervals: Object.fromEntries(
        keepers.flatMap(({ task, kind, kept }) =>
          kind === 'binary' && kept.even ? [[task, { auc: aucInterval(kept) }]] : [],
        ),
      ),
      ...(unseen && { unseen }),
      parameters: model.parameterCount,
      ...productsOf(model),
      seconds: rounded(seconds, 3),
      epochs: fitted.epochs,
      bestEpoch: fitted.best?.epoch ?? fitted.epochs,
      curve: fitted.history.map(({ loss, validation, seconds: time }) => ({
        loss: rounded(loss, 6),
        validation: Object.fromEntries(
          Object.entries(validation ?? {}).map(([task, values]) => [task, rounded(values[selection] ?? NaN, 6)]),
        ),
        seconds: rounded(time, 3),
      })),
      warnings: [
        ...divergenceGuard(fitted.history.map(({ loss }) => loss)),
        ...fitGuards(fitted.warnings),
        ...predictionGuards(Object.fromEntries(keepers.map(({ task, kept }) => [task, kept.predictions]))),
        ...scoreGuards(
          keepers.map(({ task, kind, kept }) => ({
            task,
            kind,
            labels: kept.labels,
            relativeError: scores[task]?.relativeError,
          })),
        ),
      ],
      ...(job.balancing && {
        balancing: fitted.history.map(
          ({ balancing: report = {} }) => report as NonNullable<Trial['balancing']>[number],
        ),
      }),
      fusion: await measureFusion(model, test, engine),
    };
  } finally {
    model.dispose();
  }
}

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
