import { CompileError } from '@polytask/compile';
import type { MultiTaskModel } from '@polytask/core';
import { delongInterval } from '@polytask/metrics';
import { evaluate, type TaskPredictions } from '@polytask/training';
import { multiplyAdds } from '../budgets/budget.ts';
import { divergenceGuard, fitGuards, predictionGuards, scoreGuards } from '../guards/guards.ts';
import { measureFusion } from './measure-fusion.ts';
import type { TestRows, VisibleRows } from './sealed-rows.ts';
import { metricNames, scoresOf, type TrainedModel } from './train-model.ts';
import { rounded, type TrialResult } from './trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';
import { unseenMetrics } from './unseen-rows.ts';

/** The environment of a trial: versions of packages, and the machine in one line. */
export type Environment = Pick<TrialResult, 'versions' | 'machine'>;

/** The result of a trial, and its predictions on the test rows. */
export interface TestedModel {
  readonly trial: TrialResult;
  /** By task. */
  readonly predictions: Readonly<Record<string, TaskPredictions>>;
}

/** The trained model of a trial, with all that its test depends on. */
export interface TestedTrial {
  readonly trained: TrainedModel;
  readonly visible: VisibleRows;
  readonly test: TestRows;
  readonly spec: TrialSpec;
  readonly environment: Environment;
}

/** Evaluates the trained model of a trial on the test rows. */
export async function testModel({
  trained,
  visible,
  test: { rows: test, groups },
  spec,
  environment,
}: TestedTrial): Promise<TestedModel> {
  const { setting, suite, model: label, seed, engine, config, mode } = spec;
  const { model, fitted, seconds: training } = trained;
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
  const trial: TrialResult = {
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
      validation: scoresOf(validation, config.training.selection),
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
  return { trial, predictions };
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
