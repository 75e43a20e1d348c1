import { sum } from '@polytask/components';
import { integerBelow, predictionOf, randomStream, type RandomStream, type Task } from '@polytask/core';
import type { Metric } from '@polytask/metrics';
import { fittedTask, perfect, taskWith } from '../checks/tasks.ts';

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

const CLASSES = 3;
const GROUPS = ['a', 'b', 'c'];

const step = (random: RandomStream, low: number, high: number, parts: number) =>
  low + integerBelow(random, (high - low) * parts + 1) / parts;
const share = (random: RandomStream) => step(random, 0, 1, 20);
const number = (random: RandomStream) => step(random, -9, 9, 8);

/** Labels and predictions on grids, so that there are ties. */
const EXAMPLES: Readonly<Record<string, DrawRow>> = {
  binary: (random) => ({ label: integerBelow(random, 2), prediction: [share(random)] }),
  ranking: (random) => ({ label: integerBelow(random, 5), prediction: [step(random, -1, 1, 5)] }),
  regression: (random) => ({ label: number(random), prediction: [number(random)] }),
  quantiles: (random) => ({ label: number(random), prediction: [step(random, -9, 0, 8), step(random, 0, 9, 8)] }),
  survival: (random) => ({ label: step(random, -6, 6, 2), prediction: [share(random), share(random)] }),
  'multi-label': (random) => ({
    label: integerBelow(random, 2 ** CLASSES),
    prediction: [0, 1, 2].map(() => share(random)),
  }),
  multiclass: (random) => {
    const parts = Array.from({ length: CLASSES }, () => 1 + integerBelow(random, 6));
    const total = sum(parts);
    return { label: integerBelow(random, CLASSES), prediction: parts.map((part) => part / total) };
  },
};

/** A task with a type of prediction that a package defines; undefined for other metrics. */
const taskOf = ({ task }: Metric): Task | undefined =>
  task.includes('/')
    ? taskWith(`a prediction of the type "${task}"`, (each) => predictionOf(each).type === task)
    : undefined;

/** The prediction of who knows the label, with the label for what it leaves open. */
const known = (task: Task, label: number): number[] => perfect(task, label, Math.abs(label));

/** Made-up labels, and the predictions of who knows another one. */
function drawnFor(metric: Metric): DrawRow {
  const { labels, task } = fittedTask(taskOf(metric)!);
  const one = (random: RandomStream) => labels[integerBelow(random, labels.length)]!;
  return (random) => ({ label: one(random), prediction: known(task, one(random)) });
}

/** The prediction of who knows the label; undefined where the label alone doesn't say it. */
export function perfectPrediction(metric: Metric, label: number): number[] | undefined {
  const { task } = metric;
  const other = taskOf(metric);
  if (other) return known(other, label);
  const classes = [...Array(CLASSES).keys()];
  if (task === 'survival') return undefined;
  if (task === 'multiclass') return classes.map((c) => Number(c === label));
  if (task === 'multi-label') return classes.map((c) => (label >> c) & 1);
  return task === 'quantiles' ? [label, label] : [label];
}

/** The random rows of draw number `draw`. The same number gives the same rows. Odd ones have few labels and predictions, each in many rows. */
export function metricEntries(
  metric: Metric,
  draw: number,
  example: DrawRow = EXAMPLES[metric.task] ?? drawnFor(metric),
): LabeledPrediction[] {
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
