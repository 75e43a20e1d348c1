import { mean, memoized } from '@polytask/components';
import { integerBelow, predictionTypeOf, randomStream, type RandomStream } from '@polytask/core';
import type { Metric } from '@polytask/metrics';
import { fittedTask, knownAt, taskWith, type FittedTask } from '../checks/tasks.ts';

/** A row that a metric reads. */
export interface LabeledPrediction {
  readonly label: number;
  /** One number, or one for each class or label. */
  readonly prediction: readonly number[];
  /** A whole number, 0 to 3. */
  readonly weight: number;
  readonly group: string;
}

/** Draws the label and the prediction of a row. */
export type DrawRow = (random: RandomStream) => Pick<LabeledPrediction, 'label' | 'prediction'>;

/** A prediction is the mean of so many. */
const MIXED = 4;
const GROUPS = ['a', 'b', 'c'];

/** Grades of rows, and scores by which they are ranked, with ties. No kind of task predicts a rank. */
const RANKED: DrawRow = (random) => ({
  label: integerBelow(random, 5),
  prediction: [integerBelow(random, 11) / 5 - 1],
});

/** A task whose predictions the metric reads; undefined for a metric of ranks. */
const taskOf = memoized(({ task }: Metric): FittedTask | undefined =>
  task === 'ranking'
    ? undefined
    : fittedTask(taskWith(`predictions for ${task}`, (each) => predictionTypeOf(each).measuredAs === task)),
);

/** Made-up labels, and predictions that are the means of those of who knows some labels. Some are equal. */
function drawnFor(metric: Metric): DrawRow {
  const own = taskOf(metric);
  if (!own) return RANKED;
  const { labels, task } = own;
  const one = (random: RandomStream) => labels[integerBelow(random, labels.length)]!;
  return (random) => {
    const known = Array.from({ length: MIXED }, () => knownAt(task, one(random)));
    return { label: one(random), prediction: known[0]!.map((_, i) => mean(known.map((each) => each[i]!))) };
  };
}

/** The prediction of who knows the label. */
export function perfectPrediction(metric: Metric, label: number): number[] {
  const own = taskOf(metric);
  return own ? knownAt(own.task, label) : [label];
}

/** The random rows of draw number `draw`. The same number gives the same rows. Odd ones have few labels and predictions, each in many rows. */
export function metricEntries(metric: Metric, draw: number, example: DrawRow = drawnFor(metric)): LabeledPrediction[] {
  const random = randomStream(draw, `rows of ${metric.task}`);
  const drawn = Array.from({ length: 2 + integerBelow(random, 24) }, () => example(random));
  const few = drawn.slice(0, 4);
  const one = (i: number) => few[i % few.length]!;
  return drawn.map((own, i) => ({
    ...(draw % 2 === 0 ? own : { label: one(i >> 1).label, prediction: one(i).prediction }),
    weight: integerBelow(random, 4),
    group: GROUPS[integerBelow(random, GROUPS.length)]!,
  }));
}
