import type { Task, Tasks } from '@polytask/core';
import type { TaskPredictions } from '@polytask/training';

/** Rows with similar predictions of one task. */
export interface CalibrationBin {
  /** The number of rows. */
  readonly rows: number;
  /** The weighted mean prediction: a probability, or a number in the label's unit. */
  readonly predicted: number;
  /** The weighted mean label. In a calibrated model it is near to `predicted`. */
  readonly observed: number;
}

/** By task: bins of about equally many rows, from the lowest to the highest prediction. */
export type Calibration = Readonly<Record<string, readonly CalibrationBin[]>>;

/** The largest number of bins. */
const BINS = 10;

/**
 * Compares predictions with labels, in bins of about equally many rows. Rows with one prediction stay in one bin. For a multiclass
 * task, the prediction is the probability of the likeliest class, and the label is whether this class is right.
 *
 * @example const { income } = calibrationOf(model.schema.tasks, predictions); // income[0].predicted, income[0].observed
 */
export const calibrationOf = (tasks: Tasks, predictions: Readonly<Record<string, TaskPredictions>>): Calibration =>
  Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, binsOf(pointsOf(task, predictions[name]!))]));

/** A row's prediction, label and weight. */
interface Point {
  readonly predicted: number;
  readonly observed: number;
  readonly weight: number;
}

function pointsOf({ kind }: Task, { labels, predictions, weights }: TaskPredictions): Point[] {
  const width = predictions.length / labels.length;
  return Array.from(labels, (label, row) => {
    const weight = weights[row]!;
    if (kind !== 'multiclass') return { predicted: predictions[row]!, observed: label, weight };
    const classes = predictions.subarray(row * width, (row + 1) * width);
    const predicted = Math.max(...classes);
    return { predicted, observed: Number(classes.indexOf(predicted) === label), weight };
  });
}

function binsOf(points: readonly Point[]): CalibrationBin[] {
  const sorted = [...points].sort((a, b) => a.predicted - b.predicted);
  const bins: Point[][] = [];
  for (const point of sorted) {
    const bin = bins.at(-1);
    const last = bin?.at(-1);
    const isFull = bin !== undefined && bin.length * BINS >= sorted.length && last!.predicted !== point.predicted;
    if (bin === undefined || isFull) bins.push([point]);
    else bin.push(point);
  }
  return bins.map((bin) => {
    const total = bin.reduce((sum, { weight }) => sum + weight, 0);
    const mean = (valueOf: (point: Point) => number) =>
      bin.reduce((sum, point) => sum + point.weight * valueOf(point), 0) / total;
    return { rows: bin.length, predicted: mean((point) => point.predicted), observed: mean((point) => point.observed) };
  });
}
