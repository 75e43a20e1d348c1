import { mapValues, sum } from '@polytask/components';
import { type Task, type Tasks, predictionTypeOf } from '@polytask/core';
import { survivalShares } from '@polytask/metrics';
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
 * task, the prediction is the probability of the likeliest class, and the label is whether this class is right. For a task of several
 * labels, each row and label is a pair. For a task of times, the prediction is the survival up to the middle cut point, and a bin's
 * observation is that of its life table, which takes censored rows into account.
 *
 * @example const { income } = calibrationOf(model.schema.tasks, predictions); // income[0].predicted, income[0].observed
 */
export const calibrationOf = (tasks: Tasks, predictions: Readonly<Record<string, TaskPredictions>>): Calibration =>
  mapValues(tasks, (task, name) => binsOf(calibrationPoints(task, predictions[name]!), observedOf(task)));

/** A row's prediction, label and weight. */
export interface CalibrationPoint {
  readonly predicted: number;
  readonly observed: number;
  readonly weight: number;
}

/** The predictions and labels that {@link calibrationOf} compares, row by row. */
export function calibrationPoints(task: Task, { labels, predictions, weights }: TaskPredictions): CalibrationPoint[] {
  const width = predictions.length / labels.length;
  const { isExclusive, measuredAs } = predictionTypeOf(task);
  if (measuredAs === 'multi-label') {
    return Array.from(predictions, (predicted, at) => {
      const [row, label] = [Math.floor(at / width), at % width];
      return { predicted, observed: (labels[row]! >> label) & 1, weight: weights[row]! };
    });
  }
  return Array.from(labels, (label, row) => {
    const weight = weights[row]!;
    const middle = row * width + Math.floor(width / 2);
    if (!isExclusive) return { predicted: predictions[middle]!, observed: label, weight };
    const classes = predictions.subarray(row * width, (row + 1) * width);
    const predicted = Math.max(...classes);
    return { predicted, observed: Number(classes.indexOf(predicted) === label), weight };
  });
}

const weightedMean = (points: readonly CalibrationPoint[], valueOf: (point: CalibrationPoint) => number): number =>
  sum(points.map((point) => point.weight * valueOf(point))) / sum(points.map(({ weight }) => weight));

/** What a bin's rows show: the mean of their labels, or the life table of their times up to the middle cut point. */
function observedOf(task: Task): (bin: readonly CalibrationPoint[]) => number {
  const { measuredAs: measured, names } = predictionTypeOf(task);
  if (measured !== 'survival') return (bin) => weightedMean(bin, ({ observed }) => observed);
  const upToMiddle = names.slice(0, Math.floor(names.length / 2) + 1).map(Number);
  return (bin) => {
    const [labels, weights] = [bin.map(({ observed }) => observed), bin.map(({ weight }) => weight)];
    return survivalShares(labels, weights, upToMiddle).at(-1)!;
  };
}

function binsOf(
  points: readonly CalibrationPoint[],
  observe: (bin: readonly CalibrationPoint[]) => number,
): CalibrationBin[] {
  const sorted = [...points].sort((a, b) => a.predicted - b.predicted);
  const bins: CalibrationPoint[][] = [];
  for (const point of sorted) {
    const bin = bins.at(-1);
    const last = bin?.at(-1);
    const isFull = bin !== undefined && bin.length * BINS >= sorted.length && last!.predicted !== point.predicted;
    if (bin === undefined || isFull) bins.push([point]);
    else bin.push(point);
  }
  return bins.map((bin) => ({
    rows: bin.length,
    predicted: weightedMean(bin, ({ predicted }) => predicted),
    observed: observe(bin),
  }));
}
