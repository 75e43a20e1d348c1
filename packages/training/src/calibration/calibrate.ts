import { mapValues, sum, PolytaskError, fail } from '@polytask/components';
import {
  labelEncoder,
  predictionTypeOf,
  type Calibrated,
  type MultiTaskModel,
  type Task,
  type Tasks,
  permutation,
  randomStream,
  calibratedScores,
} from '@polytask/core';
import { evaluate, type EvaluateGatesOptions } from '../evaluation/evaluate.ts';
import { predictionsAt, type TaskPredictions } from '../evaluation/measure.ts';
import type { RowSource } from '../rows/rows.ts';
import { planCalibration, type CalibrationChoices, type CalibrationPlan } from './plan-calibration.ts';
import { chooseThreshold } from './thresholds.ts';

export interface CalibrateOptions<T extends Tasks = Tasks>
  extends CalibrationChoices<T>, Pick<EvaluateGatesOptions, 'batchSize' | 'engine' | 'signal'> {}

export interface FittedCalibration extends Calibrated {
  /** A calibration that the task doesn't get: it lowers the mean log loss of held-out rows by one standard error or less. */
  readonly leftOut?: { readonly name: string } & Pick<HeldOut, 'logLoss'>;
}

type Fitted<T extends Tasks> = { readonly [K in keyof T]?: FittedCalibration };

/**
 * Fits calibrations of probabilities, split-conformal intervals and thresholds of decisions to rows that the model wasn't trained on, such
 * as its validation rows. They belong to the model from then on: `predict`, `save`, serving and ONNX files have them.
 *
 * A task keeps what it has and what isn't named here. A named calibration changes the probabilities, so its sets and its threshold are
 * fitted anew, with the level and the rule of before. With one value for all tasks, tasks that can't have it are left out. `fit` removes
 * what was calibrated.
 *
 * A calibration is kept only if it lowers the log loss of rows that it isn't fitted to, in five folds of these rows, by more than one
 * standard error. Else predictions stay as they are.
 *
 * @param examples labeled rows in memory, or a stream of rows
 * @returns what each task has now, and the calibration that it doesn't get; a task without anything is missing
 * @throws PolytaskError for a choice that no task can have, or the named task can't, and for rows that are too few or have one label only
 * @example
 * await calibrate(model, validation, { calibration: 'isotonic', intervals: 0.9, threshold: { income: 'f1' } });
 * await save(model, 'people-calibrated');
 */
export async function calibrate<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: RowSource<T>,
  options: CalibrateOptions<NoInfer<T>>,
): Promise<Fitted<T>> {
  const { batchSize, engine, signal, ...choices } = options;
  const before = mapValues(model.schema.tasks, ({ calibrated }) => calibrated);
  const plan = await planCalibration(model.schema.tasks, choices);
  model.setCalibrated(mapValues(before, () => undefined) as Partial<typeof before>);
  try {
    const metrics = mapValues(model.schema.tasks, () => []);
    const { predictions } = await evaluate<T, Record<never, never>, undefined, true>(model, examples, {
      ...{ metrics, predictions: true, engine, signal },
      ...(batchSize !== undefined && { batchSize }),
    });
    const fitted = await fitCalibrated(model.schema.tasks, plan, predictions);
    model.setCalibrated(mapValues(before, (_, name) => keptOf(fitted[name])) as Partial<typeof before>);
    return fitted;
  } catch (error) {
    model.setCalibrated(before as Partial<typeof before>);
    throw error;
  }
}

/**
 * Fits what a plan names, to predictions without a calibration.
 *
 * @param predictions of the labeled rows, as `evaluate` gives them
 * @throws PolytaskError for an interval of a task that can't have one, and for rows that are too few or have one label only
 */
export async function fitCalibrated<T extends Tasks>(
  tasks: T,
  plan: CalibrationPlan<NoInfer<T>>,
  predictions: { readonly [K in keyof T]: TaskPredictions },
): Promise<Fitted<T>> {
  const { fitCalibration } = await import('@polytask/core/calibration');
  const fitted = Object.entries<Task>(tasks).flatMap(([name, task]) => {
    const { calibration: method, level, rule, kept } = plan[name]!;
    const own = predictions[name]!;
    const fit = (rows: TaskPredictions) =>
      named(name, () => fitCalibration(method!, task, { ...rows, scores: rows.predictions }));
    const fittedToAll = method === undefined ? undefined : fit(own);
    const heldOut = fittedToAll && heldOutLoss(task, own, fit);
    const calibration = heldOut ? (heldOut.isBetter ? fittedToAll : undefined) : kept?.calibration;
    const rows = calibratedPredictions({ ...task, calibrated: calibration && { calibration } } as Task, own);
    const scores = level === undefined ? undefined : named(name, () => conformalScores(task, rows));
    const calibrated: FittedCalibration = {
      ...kept,
      ...(calibration && { calibration }),
      ...(heldOut && !calibration && { leftOut: { name: method!, logLoss: heldOut.logLoss } }),
      ...(scores && {
        interval: { level: level!, margin: conformalMargin(scores, own.weights, level!, name) + ROUNDING },
      }),
      ...(rule && { threshold: { at: named(name, () => chooseThreshold(rule, rows)), rule } }),
    };
    return Object.keys(calibrated).length === 0 ? [] : [[name, calibrated]];
  });
  return Object.fromEntries(fitted) as Fitted<T>;
}

function keptOf({ leftOut: _, ...kept }: FittedCalibration = {}): Calibrated | undefined {
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** The predictions with the calibration of the task. @param predictions without a calibration */
export const calibratedPredictions = (task: Task, predictions: TaskPredictions): TaskPredictions => ({
  ...predictions,
  predictions: calibratedScores(task, predictions.predictions),
});

/** More than float32 rounds predictions by, so that rows at the margin, of which there may be many, stay within. */
const ROUNDING = 1e-6;

function named<R>(task: string, fit: () => R): R {
  try {
    return fit();
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    throw new PolytaskError(`Task "${task}": ${error.message}`, { cause: error });
  }
}

type Calibration = NonNullable<Calibrated['calibration']>;

const FOLDS = 5;

interface HeldOut {
  readonly logLoss: readonly [without: number, calibrated: number];
  readonly isBetter: boolean;
}

/** Compares the log loss without a calibration, and with one that is fitted to other rows, in five folds with their share of each label. */
function heldOutLoss(task: Task, all: TaskPredictions, fit: (rows: TaskPredictions) => Calibration): HeldOut {
  const { labels, weights } = all;
  const order = permutation(randomStream(0, 'calibration'), labels.length).sort((a, b) => labels[a]! - labels[b]!);
  const [without, calibrated] = [lossesOf(all), new Float64Array(labels.length)];
  for (let fold = 0; fold < FOLDS; fold++) {
    const [own, others] = [true, false].map((isOwn) => order.filter((_, place) => (place % FOLDS === fold) === isOwn));
    const calibration = fit(predictionsAt(all, others!));
    const rows = predictionsAt(all, own!);
    const predictions = calibratedScores({ ...task, calibrated: { calibration } } as Task, rows.predictions);
    lossesOf({ ...rows, predictions }).forEach((loss, i) => (calibrated[own![i]!] = loss));
  }
  const total = sum(weights);
  const mean = (values: Float64Array) => sum(values, (value, row) => weights[row]! * value) / total;
  const logLoss = [mean(without), mean(calibrated)] as const;
  const gain = logLoss[0] - logLoss[1];
  const squares = without.map((loss, row) => weights[row]! * (loss - calibrated[row]! - gain) ** 2);
  const error = Math.sqrt(sum(squares, (square, row) => weights[row]! * square)) / total;
  return { logLoss, isBetter: gain > error };
}

const LEAST = 1e-15;

function lossesOf({ labels, predictions }: Pick<TaskPredictions, 'labels' | 'predictions'>): Float64Array {
  const width = predictions.length / labels.length;
  const probabilityOf = (label: number, row: number) =>
    width > 1 ? predictions[row * width + label]! : label > 0 ? predictions[row]! : 1 - predictions[row]!;
  return labels.map((label, row) => -Math.log(Math.max(LEAST, probabilityOf(label, row))));
}

/** The ⌈(n + 1) level⌉-th least score of n rows, by weight (Papadopoulos et al., 2002; Lei et al., 2018; of sets: Sadinle et al., 2019). */
export function conformalMargin(scores: Float64Array, weights: Float64Array, level: number, task: string): number {
  const rows = scores.length;
  const needed = (rows + 1) * level - 1e-9;
  if (needed > rows) {
    fail({
      expected: `${Math.ceil(level / (1 - level) - 1e-9)} labeled rows or more for intervals of ${level} for task "${task}"`,
      received: String(rows),
      fix: 'Take more validation rows, or a lower level.',
    });
  }
  const total = sum(weights);
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let weight = 0;
  for (const row of order) {
    weight += (weights[row]! * rows) / total;
    if (weight >= needed - 1e-9 * rows) return scores[row]!;
  }
  return scores[order.at(-1)!]!;
}

/** How little each label fits its prediction: the distance of a number as labels are encoded, or 1 − the probability of the class. */
function conformalScores(task: Task, { labels, predictions }: TaskPredictions): Float64Array {
  const { interval, names, noInterval } = predictionTypeOf(task);
  if (interval === undefined)
    fail({
      expected: 'a task of a number, of classes or of yes and no for an interval',
      received: `the ${task.kind} task`,
      fix: noInterval ?? 'Leave its interval out.',
    });
  if (interval === 'range') {
    const encode = labelEncoder(task);
    return labels.map((label, row) => Math.abs(encode(label) - encode(predictions[row]!)));
  }
  const width = names.length;
  if (width > 0) return labels.map((label, row) => 1 - predictions[row * width + label]!);
  return labels.map((label, row) => (label > 0 ? 1 - predictions[row]! : predictions[row]!));
}
