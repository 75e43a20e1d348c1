import { CompileError } from '@polytask/compile';
import type { MultiTaskModel } from '@polytask/core';
import { delongInterval } from '@polytask/metrics';
import { evaluate, type TaskPredictions } from '@polytask/training';
import { multiplyAdds } from '../budgets/budget.ts';
import { divergenceGuard, fitGuards, predictionGuards, scoreGuards } from '../guards/guards.ts';
import { measureFusion } from './measure-fusion.ts';
import type { SealedTest, VisibleRows } from './sealed-rows.ts';
import { metricNames, trainModel } from './train-model.ts';
import { rounded, type TrialResult } from './trial-result.ts';
import type { TrialHooks, TrialSpec } from './trial-spec.ts';
import { unseenMetrics } from './unseen-rows.ts';

/** The environment of a trial: versions of packages, and the machine in one line. */
export type Environment = Pick<TrialResult, 'versions' | 'machine'>;

/**
 * Runs a trial: trains a model on the rows of one seed, chooses the epoch on the validation rows, and then evaluates the model on the
 * test rows once. The seed also sets the initial weights and the order of the batches.
 *
 * @throws PolytaskError when the model can't be built, or training diverges
 * @example await runTrial(sealedRows(await data.rows(spec.request, spec.seed)), spec, { versions: {} });
 */
export async function runTrial(
  { test: sealed, ...visible }: VisibleRows & { readonly test: SealedTest },
  spec: TrialSpec,
  environment: Environment,
  hooks: TrialHooks = {},
): Promise<TrialResult> {
  const { setting, suite, model: label, seed, engine, config, mode } = spec;
  const { model, fitted, seconds: training } = await trainModel(visible, spec, hooks);
  try {
    const { rows: test, groups } = sealed.open();
    const start = performance.now();
    const { tasks } = visible.train.schema;
    const metrics = metricNames(tasks, groups !== undefined);
    const { scores, predictions } = await evaluate(model, test, { metrics, engine: mode, groups, predictions: true });
    const seconds = training + (performance.now() - start) / 1000;
    const taskScores = Object.entries(tasks).map(([task, { kind }]) => ({
      task,
      kind,
      metrics: metrics[task] ?? [],
      predicted: predictions[task]!,
      scores: scores[task]!,
    }));
    const unseen = unseenMetrics(visible.train, test, taskScores, groups);
    return {
      ...(setting !== '' && { setting }),
      ...{ suite, model: label, seed, engine, config },
      ...environment,
      metrics: Object.fromEntries(taskScores.map((each) => [each.task, chosen(each.scores, each.metrics)])),
      relativeErrors: Object.fromEntries(taskScores.map((each) => [each.task, each.scores['relativeError'] ?? NaN])),
      rowIntervals: Object.fromEntries(
        taskScores.flatMap(({ task, kind, predicted }) =>
          kind === 'binary' && isEven(predicted) ? [[task, { auc: aucInterval(predicted) }]] : [],
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
          Object.entries(validation ?? {}).map(([task, values]) => [
            task,
            rounded(values[config.training.selection] ?? NaN, 6),
          ]),
        ),
        seconds: rounded(time, 3),
      })),
      warnings: [
        ...divergenceGuard(fitted.history.map(({ loss }) => loss)),
        ...fitGuards(fitted.warnings),
        ...predictionGuards(Object.fromEntries(taskScores.map((each) => [each.task, each.predicted.predictions]))),
        ...scoreGuards(
          taskScores.map(({ task, kind, predicted: { labels }, scores: { relativeError } }) => ({
            task,
            kind,
            labels,
            relativeError,
          })),
        ),
      ],
      ...(config.model.balancing && {
        balancing: fitted.history.map(
          ({ balancing: report = {} }) => report as NonNullable<TrialResult['balancing']>[number],
        ),
      }),
      fusion: await measureFusion(model, test, mode),
    };
  } finally {
    model.dispose();
  }
}

/**
 * Trains a configuration of a search. It cannot read the test rows.
 *
 * @returns the validation score of the best epoch: the mean AUC or relative error over tasks; NaN without a score
 * @throws as {@link runTrial} does
 * @example await runCandidate(visibleRows(await data.rows(spec.request, spec.seed)), spec);
 */
export async function runCandidate(rows: VisibleRows, spec: TrialSpec, hooks: TrialHooks = {}): Promise<number> {
  const { model, fitted } = await trainModel(rows, spec, hooks);
  model.dispose();
  return fitted.best?.value ?? NaN;
}

const chosen = (values: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? NaN]));

/** The multiply-adds of a model, or nothing for a model that can't be traced. */
function productsOf(model: MultiTaskModel): { multiplyAdds?: number } {
  try {
    return { multiplyAdds: multiplyAdds(model) };
  } catch (error) {
    if (error instanceof CompileError) return {};
    throw error;
  }
}

/** Whether all rows have the same weight. */
const isEven = ({ weights }: TaskPredictions): boolean => weights.every((weight) => weight === weights[0]);

/** The interval of an AUC over samples of test rows, by DeLong's method. */
function aucInterval({ labels, predictions }: TaskPredictions): { low: number; high: number } {
  const { low, high } = delongInterval(labels, predictions);
  return { low, high };
}
