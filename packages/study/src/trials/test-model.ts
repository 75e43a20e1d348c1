import { type Finding, mapValues, recordOf } from '@polytask/components';
import { CompileError } from '@polytask/compile';
import { sharesLayers, layoutOf, contextsOf, type MultiTaskModel, type Examples } from '@polytask/core';
import { diagnose, evaluate, type MeasuredTask, readColumn, scoresBy, type TaskPredictions } from '@polytask/training';
import { familyOf } from '@polytask/training/internal';
import { multiplyAdds } from '../budgets/budget.ts';
import { scoresOfPart, type TestedScores } from '../predictions/tested-scores.ts';
import { metricNames, metricsOf } from '../summary/metric-entries.ts';
import { measureFusion, scoresOf, type TrainedModel } from './train-model.ts';
import type { TestRows, VisibleRows } from './open-data.ts';
import { rounded, type TrialResult } from '../results/trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';
import { rowsSeen } from '@polytask/data';
import type { GroupArray } from '@polytask/metrics';

export type Environment = Pick<TrialResult, 'versions' | 'machine'>;

export interface TestedModel {
  readonly trial: TrialResult;
  /** By task. */
  readonly predictions: Readonly<Record<string, TaskPredictions>>;
}

/** Measures a trained model on the test rows. */
export async function testModel(
  { model, fitted, learningRate, seconds: training }: TrainedModel,
  spec: TrialSpec,
  { train }: VisibleRows,
  { rows: test, groups, derive }: TestRows,
  environment: Environment,
): Promise<TestedModel> {
  const { setting, suite, model: label, parts, seed, fold, engine, config, mode } = spec;
  const start = performance.now();
  const { tasks } = train.schema;
  const metrics = metricNames(tasks, groups !== undefined);
  const evaluated = await evaluate(model, test, { metrics, engine: mode, groups, predictions: true });
  const seconds = training + (performance.now() - start) / 1000;
  const { predictions } = evaluated;
  const { warnings, ...tested } = scoresOfPart(tasks, { byTask: predictions, groups }, metrics, evaluated.scores, {
    family: familyOf(model),
  });
  const derived = derive?.(predictions);
  const own =
    derived && scoresOfPart(derived.tasks, { byTask: derived.byTask, groups: undefined }, metricNames(derived.tasks));
  const measured = mapValues(tasks, (task, name) => ({
    metrics: Object.fromEntries(metricsOf(task, groups !== undefined).map((metric) => [metric.name, metric])),
    predicted: predictions[name]!,
  }));
  const unseen = unseenMetrics(train, test, measured, groups);
  const byContext = contextMetrics(test, measured, groups);
  const shares = sharesLayers(config.model.network, Object.keys(tasks), model.schema.context);
  const isJudged = spec.diagnosed && fitted.history.length > 0; // an average has none
  const { balancing } = config.model;
  const findings = isJudged ? await diagnose(model, { train, test }, { engine: mode, balancing }) : [];
  const trial: TrialResult = {
    ...(setting !== '' && { setting }),
    ...{ suite, model: label, parts, seed, ...(fold && { fold }), engine, config },
    ...environment,
    ...(own ? withDerived(tested, own) : tested),
    ...(unseen && { unseen }),
    ...(byContext && { byContext }),
    ...(shares !== undefined && { sharesLayers: shares }),
    parameters: await parametersOf(model),
    ...(!model.network.onHost && productsOf(model)),
    seconds: rounded(seconds, 3),
    ...(learningRate !== undefined && { learningRate }),
    epochs: fitted.epochs,
    bestEpoch: fitted.best?.epoch ?? fitted.epochs,
    curve: fitted.history.map(({ loss, validation, seconds: time }) => ({
      loss: rounded(loss, 6),
      validation: scoresOf(validation, config.training.selection),
      seconds: rounded(time, 3),
    })),
    warnings: withLater(withLater(fitted.warnings.filter(isOfTraining), warnings), findings),
    ...(balancing && {
      balancing: fitted.history.map(
        ({ balancing: report = {} }) => report as NonNullable<TrialResult['balancing']>[number],
      ),
    }),
    fusion: await measureFusion(model, test, mode),
  };
  return { trial, predictions };
}

/** Whether a finding of `fit` still counts: the test rows decide whether a task is worse than a constant prediction. */
const isOfTraining = ({ kind }: Finding): boolean => kind !== 'worse-than-constant';

/** The findings, but of each kind and task the later ones: those of `diagnose` know more than those of the scores alone. */
const withLater = (found: readonly Finding[], later: readonly Finding[]): Finding[] => [
  ...found.filter(({ kind, about }) => !later.some((each) => each.kind === kind && each.about.task === about.task)),
  ...later,
];

/** The scores of the tasks, and after them those of derived predictions. Guards judge the tasks only. */
const withDerived = (
  tested: Omit<TestedScores, 'warnings'>,
  derived: TestedScores,
): Omit<TestedScores, 'warnings'> => ({
  metrics: { ...tested.metrics, ...derived.metrics },
  normalizedLosses: { ...tested.normalizedLosses, ...derived.normalizedLosses },
  constants: { ...tested.constants, ...derived.constants },
  rowIntervals: { ...tested.rowIntervals, ...derived.rowIntervals },
});

/** The metrics for each value of each context of the schema, or nothing without contexts. A context with more than 200 values has none. */
function contextMetrics(
  test: Examples,
  tasks: Readonly<Record<string, MeasuredTask>>,
  groups: GroupArray | undefined,
): TrialResult['byContext'] {
  const { context = [] } = test.schema;
  if (context.length === 0) return undefined;
  const own = contextsOf(test.schema, layoutOf(test.schema));
  const small = context.filter((name) => own.get(name)!.place.table!.codes.count <= 200);
  return recordOf(small, (name) => scoresBy(readColumn(test, name).values, tasks, groups));
}

/** The learned numbers of a trained model: the weights, or the splits and leaves of trees. */
export const parametersOf = async ({ network, parameterCount }: MultiTaskModel): Promise<number> =>
  (await network.learnedCount?.()) ?? parameterCount;

/** The multiply-adds of a model, or nothing for a model that can't be traced. */
function productsOf(model: MultiTaskModel): { multiplyAdds?: number } {
  try {
    return { multiplyAdds: multiplyAdds(model) };
  } catch (error) {
    if (error instanceof CompileError) return {};
    throw error;
  }
}

/** The metrics on the test rows whose features occur in no training row, whatever the labels; undefined if all are such rows, or none. */
export function unseenMetrics(
  train: Examples,
  test: Examples,
  tasks: Readonly<Record<string, MeasuredTask>>,
  groups: GroupArray | undefined,
): TrialResult['unseen'] {
  const isSeen = Array.from(rowsSeen(test, train), (flag) => (flag === 0 ? null : 'seen'));
  if (new Set(isSeen).size < 2) return undefined;
  const [unseen] = scoresBy(isSeen, tasks, groups, [null]);
  return { rows: unseen!.rows, of: test.size, metrics: unseen!.metrics };
}
