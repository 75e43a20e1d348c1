import { recordOf } from '@polytask/components';
import type { Task, Tasks } from '@polytask/core';
import { bootstrapInterval, counterRandom, delongTest, type Verdict, verdictOf } from '@polytask/metrics';
import type { TaskPredictions } from '@polytask/training';
import { metricsOf } from '../summary/metric-entries.ts';
import type { TestedModel } from '../trials/test-model.ts';

/** The difference of two models in the first metric of a task, on the same test rows. */
export interface TaskDifference {
  readonly metric: string;
  readonly model: number;
  readonly other: number;
  /** model − other. */
  readonly difference: number;
  /** The interval of the difference over samples of test rows. */
  readonly low: number;
  readonly high: number;
  /** Whether the model is better than the other one, beyond chance. */
  readonly verdict: Verdict;
  readonly method: 'DeLong' | 'bootstrap';
}

/** Two models, task by task, on the same test rows. */
export interface TestedComparison {
  readonly model: string;
  readonly other: string;
  readonly rows: number;
  readonly tasks: Readonly<Record<string, TaskDifference>>;
}

/** The chance that any of the verdicts is wrong where there is no difference. */
const LEVEL = 0.05;
const RESAMPLES = 1000;

/**
 * Compares two models on the same test rows: AUCs by DeLong's test, other metrics by a paired bootstrap over rows. The intervals hold for
 * all tasks together (Bonferroni). They don't contain the chance of another seed.
 */
export function compareTested(tasks: Tasks, model: TestedModel, other: TestedModel): TestedComparison {
  const names = Object.keys(tasks);
  const confidence = 1 - LEVEL / names.length;
  return {
    model: model.trial.model,
    other: other.trial.model,
    rows: Math.max(...names.map((name) => model.predictions[name]!.rows.length)),
    tasks: recordOf(names, (name) =>
      differenceOf(tasks[name]!, model.predictions[name]!, other.predictions[name]!, confidence),
    ),
  };
}

function differenceOf(
  task: Task,
  { labels, weights, predictions: a }: TaskPredictions,
  { predictions: b }: TaskPredictions,
  confidence: number,
): TaskDifference {
  const own = metricsOf(task)[0]!;
  const { name: metric, direction } = own;
  if (metric === 'auc' && own.task === 'binary' && weights.every((weight) => weight === weights[0])) {
    const { aucs, difference, low, high } = delongTest(labels, a, b, { confidence });
    const [model, other] = aucs;
    const verdict = verdictOf({ low, high }, direction);
    return { metric, model, other, difference, low, high, verdict, method: 'DeLong' };
  }
  const width = a.length / labels.length;
  const valueOf = (predictions: Float64Array, rows: ArrayLike<number>): number => {
    const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
    const picked = Float64Array.from(
      { length: rows.length * width },
      (_, i) => predictions[rows[Math.floor(i / width)]! * width + (i % width)]!,
    );
    return own
      .create()
      .update(pick(labels), picked, { weights: pick(weights) })
      .compute();
  };
  const all = Float64Array.from(labels.keys());
  const { estimate, low, high } = bootstrapInterval([all], ([rows]) => valueOf(a, rows!) - valueOf(b, rows!), {
    confidence,
    resamples: RESAMPLES,
    method: 'percentile',
    random: counterRandom(0),
  });
  return {
    ...{ metric, model: valueOf(a, all), other: valueOf(b, all), difference: estimate, low, high },
    verdict: verdictOf({ low, high }, direction),
    method: 'bootstrap',
  };
}
