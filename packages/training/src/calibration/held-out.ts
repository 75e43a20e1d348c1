import { permutation, randomStream, calibratedScores, type Calibrated, type Task } from '@polytask/core';
import type { TaskPredictions } from '../evaluation/predictions.ts';

type Calibration = NonNullable<Calibrated['calibration']>;

const FOLDS = 5;

/** The mean log loss of held-out rows. */
export interface HeldOut {
  readonly logLoss: readonly [without: number, calibrated: number];
  /** Whether the calibration lowers it by more than one standard error of the mean. */
  readonly isBetter: boolean;
}

/**
 * Compares the log loss of rows without a calibration, and with one that is fitted to other rows. Each of five folds has its share of each
 * label.
 *
 * @param predictions of yes or of classes, without a calibration
 * @param fit fits the calibration to some of the rows
 */
export function heldOutLoss(task: Task, all: TaskPredictions, fit: (rows: TaskPredictions) => Calibration): HeldOut {
  const { labels, weights } = all;
  const order = permutation(randomStream(0, 'calibration'), labels.length).sort((a, b) => labels[a]! - labels[b]!);
  const [without, calibrated] = [lossesOf(all), new Float64Array(labels.length)];
  for (let fold = 0; fold < FOLDS; fold++) {
    const [own, others] = [true, false].map((isOwn) => order.filter((_, place) => (place % FOLDS === fold) === isOwn));
    const calibration = fit(rowsAt(all, others!));
    const rows = rowsAt(all, own!);
    const predictions = calibratedScores({ ...task, calibrated: { calibration } } as Task, rows.predictions);
    lossesOf({ ...rows, predictions }).forEach((loss, i) => (calibrated[own![i]!] = loss));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (values: Float64Array) => values.reduce((sum, value, row) => sum + weights[row]! * value, 0) / total;
  const logLoss = [mean(without), mean(calibrated)] as const;
  const gain = logLoss[0] - logLoss[1];
  const squares = without.map((loss, row) => weights[row]! * (loss - calibrated[row]! - gain) ** 2);
  const error = Math.sqrt(squares.reduce((sum, square, row) => sum + weights[row]! * square, 0)) / total;
  return { logLoss, isBetter: gain > error };
}

const LEAST = 1e-15;

/** The log loss of each row. */
function lossesOf({ labels, predictions }: Pick<TaskPredictions, 'labels' | 'predictions'>): Float64Array {
  const width = predictions.length / labels.length;
  const probabilityOf = (label: number, row: number) =>
    width > 1 ? predictions[row * width + label]! : label > 0 ? predictions[row]! : 1 - predictions[row]!;
  return labels.map((label, row) => -Math.log(Math.max(LEAST, probabilityOf(label, row))));
}

function rowsAt({ rows, labels, predictions, weights }: TaskPredictions, at: Uint32Array): TaskPredictions {
  const width = predictions.length / labels.length;
  const places = Array.from(at, (row) => Array.from({ length: width }, (_, k) => row * width + k)).flat();
  return {
    rows: at.map((row) => rows[row]!),
    labels: Float64Array.from(at, (row) => labels[row]!),
    predictions: Float64Array.from(places, (place) => predictions[place]!),
    weights: Float64Array.from(at, (row) => weights[row]!),
  };
}
