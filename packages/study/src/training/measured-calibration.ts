import { specText, sum } from '@polytask/components';
import { decisionsOf, type Task, type Tasks, predictionTypeOf } from '@polytask/core';
import { findMetric, survivalShares } from '@polytask/metrics';
import { type FittedCalibration, type TaskPredictions, calibratedPredictions } from '@polytask/training';
import { measuredAs } from '@polytask/training/internal';

/** Rows with similar predictions of one task. */
export interface CalibrationBin {
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
  Object.fromEntries(
    Object.entries(tasks).flatMap(([name, task]) =>
      predictionTypeOf(task).plot
        ? [[name, binsOf(calibrationPoints(task, predictions[name]!), observedOf(task))]]
        : [],
    ),
  );

export interface CalibrationPoint {
  readonly predicted: number;
  readonly observed: number;
  readonly weight: number;
}

/** The predictions and labels that {@link calibrationOf} compares, row by row. */
export function calibrationPoints(task: Task, { labels, predictions, weights }: TaskPredictions): CalibrationPoint[] {
  const width = predictions.length / labels.length;
  const { points } = predictionTypeOf(task).plot ?? {};
  return Array.from(labels).flatMap((label, row): CalibrationPoint | CalibrationPoint[] => {
    const weight = weights[row]!;
    if (!points) return { predicted: predictions[row * width + Math.floor(width / 2)]!, observed: label, weight };
    const own = points(label, predictions.subarray(row * width, (row + 1) * width));
    return own.map(([predicted, observed]) => ({ predicted, observed, weight }));
  });
}

const weightedMean = (points: readonly CalibrationPoint[], valueOf: (point: CalibrationPoint) => number): number =>
  sum(points.map((point) => point.weight * valueOf(point))) / sum(points.map(({ weight }) => weight));

/** What a bin's rows show: the mean of their labels, or the life table of their times up to the middle cut point. */
function observedOf(task: Task): (bin: readonly CalibrationPoint[]) => number {
  const { names, plot } = predictionTypeOf(task);
  if (plot?.shows !== 'life-table') return (bin) => weightedMean(bin, ({ observed }) => observed);
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

/** What the calibration of a task is worth on rows that neither the model nor the calibration has seen. */
export interface MeasuredCalibration {
  readonly task: string;
  readonly rows: number;
  readonly calibration?: {
    readonly name: string;
    /** Before and after it: {@link calibrationError} and log loss. */
    readonly error: readonly [before: number, after: number];
    readonly logLoss: readonly [before: number, after: number];
  };
  /** A calibration that the task doesn't have, with its log loss on held-out validation rows: see `calibrate`. */
  readonly leftOut?: FittedCalibration['leftOut'];
  readonly interval?: MeasuredInterval | undefined;
  readonly threshold?: {
    readonly at: number;
    /** The rule, such as `cost(falseNegative=5,falsePositive=1)`. */
    readonly rule: string;
  } & Decided;
}

/** The labels within the intervals or sets of a task, by sample weight. */
export interface MeasuredInterval {
  readonly kind: 'intervals' | 'sets';
  /** The promised share of labels within. */
  readonly level: number;
  /** The share of labels within. */
  readonly coverage: number;
  /** The mean width of intervals, in the label's unit; or the mean number of classes in a set. */
  readonly size: number;
}

/** What decisions are worth, by sample weight. */
export interface Decided {
  /** The share of rows with the decision yes. */
  readonly rate: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * The mean distance of predictions from what was observed, over bins of about equally many rows.
 *
 * @example calibrationError([{ rows: 3, predicted: 0.5, observed: 0.4 }]) // 0.1
 */
export const calibrationError = (bins: readonly CalibrationBin[]): number =>
  sum(bins.map(({ rows, predicted, observed }) => rows * Math.abs(predicted - observed))) /
  sum(bins.map(({ rows }) => rows));

/**
 * Measures calibrations, intervals and decisions on test rows.
 *
 * @param tasks of the model
 * @param predictions by task, without a calibration
 * @param fitted as `calibrate` returns it
 * @returns a line for each task that has something
 */
export const measureCalibrated = (
  tasks: Tasks,
  predictions: Readonly<Record<string, TaskPredictions>>,
  fitted: Readonly<Record<string, FittedCalibration | undefined>>,
): MeasuredCalibration[] =>
  Object.entries(tasks).flatMap(([name, task]) =>
    fitted[name] ? [measured(name, task, fitted[name], predictions[name]!)] : [],
  );

function measured(name: string, own: Task, fitted: FittedCalibration, before: TaskPredictions): MeasuredCalibration {
  const { leftOut, ...calibrated } = fitted;
  const { calibration, threshold } = calibrated;
  const task: Task = { ...own, calibrated };
  const after = calibratedPredictions(task, before);
  const both = (of: (rows: TaskPredictions) => number) => [of(before), of(after)] as const;
  const logLoss = findMetric('logLoss', measuredAs(task));
  return {
    ...{ task: name, rows: before.labels.length },
    ...(calibration && {
      calibration: {
        name: calibration.name,
        error: both((rows) => calibrationError(calibrationOf({ [name]: task }, { [name]: rows })[name]!)),
        logLoss: both(({ labels, predictions: each, weights }) =>
          logLoss.create().update(labels, each, { weights }).compute(),
        ),
      },
    }),
    ...(leftOut && { leftOut }),
    interval: measuredInterval(task, after),
    ...(threshold && {
      threshold: {
        ...{ at: threshold.at, rule: specText(threshold.rule.name, threshold.rule.config as Record<string, unknown>) },
        ...decided(threshold.at, after),
      },
    }),
  };
}

/** Undefined for a task without calibrated intervals. */
export function measuredInterval(
  task: Task,
  { labels, predictions, weights }: TaskPredictions,
): MeasuredInterval | undefined {
  const level = task.calibrated?.interval?.level;
  if (level === undefined) return undefined;
  const decisions = Object.fromEntries(decisionsOf(task).map(({ name, of }) => [name, of]));
  const kind = decisions['set'] ? 'sets' : 'intervals';
  const classes = classesOf(task);
  let [total, inside, size] = [0, 0, 0];
  labels.forEach((label, row) => {
    const weight = weights[row]!;
    total += weight;
    if (decisions['set']) {
      const set = decisions['set'](predictions, row) as readonly string[];
      if (set.includes(classes[label]!)) inside += weight;
      size += weight * set.length;
      return;
    }
    const [low, high] = [Number(decisions['low']!(predictions, row)), Number(decisions['high']!(predictions, row))];
    if (label >= low && label <= high) inside += weight;
    size += weight * (high - low);
  });
  return { kind, level, coverage: inside / total, size: size / total };
}

/** The names of labels 0, 1, …: those of the classes, or no and yes. */
export function classesOf(task: Task): readonly string[] {
  const { isExclusive, names } = predictionTypeOf(task);
  return isExclusive ? names : ['no', 'yes'];
}

/** What decisions are worth where yes begins at a probability. */
export function decided(at: number, { labels, predictions, weights }: TaskPredictions): Decided {
  const isYes = (row: number) => Number(predictions[row]! >= at);
  const positives = sum(weights, (weight, row) => weight * labels[row]!);
  const yes = sum(weights, (weight, row) => weight * isYes(row));
  const right = sum(weights, (weight, row) => weight * isYes(row) * labels[row]!);
  const [rate, precision, recall] = [yes / sum(weights), right / yes, right / positives];
  return { rate, precision, recall, f1: (2 * right) / (yes + positives) };
}
