import { sum } from '@polytask/components';
import {
  checks,
  type FromDescription,
  isLog,
  type PredictionType,
  predictionTypeOf,
  type Task,
  type Written,
} from '@polytask/core';
import type { Finding, FitWarning, TaskPredictions } from '@polytask/training';

/** The checks of a trial and its data. To add a check, add its name here. */
export const GUARDS = [
  'constant predictions',
  'equal predictions',
  'worse than a constant',
  'no better than chance',
  'biased total',
  'nearly perfect',
  'one class',
  'still improving',
  'dead weight',
  'loss not falling',
  'exploding loss',
  'dead expert',
  'one expert',
  'drowned task',
  'diverged',
  'failed',
  'data',
  'limited rows',
] as const;

export type Guard = (typeof GUARDS)[number];

/** A warning about the data of a suite: a sentence, or a sentence with its task. */
export type DataNote = string | (Omit<Warning, 'guard'> & { readonly guard?: Guard | undefined });

export const warningParts = {
  guard: checks.oneOf(...GUARDS),
  /** A sentence that doesn't name the model and the seed. */
  message: checks.string,
  /** The task of the numbers. Missing for a warning about the whole model. */
  task: checks.optional(checks.string),
};

/** A reason to distrust some numbers of a trial. */
export interface Warning extends Written<typeof warningParts>, FromDescription {}

/** @param task undefined for a warning about the whole model */
const warning = (guard: Guard, task: string | undefined, message: string): Warning => ({
  guard,
  ...(task !== undefined && { task }),
  message,
});

export const noteText = (note: DataNote): string => (typeof note === 'string' ? note : note.message);

/** Warns of a training loss that is higher in the last epoch than in the first. */
export function divergenceGuard(losses: readonly number[]): Warning[] {
  const [first, last] = [losses[0], losses.at(-1)];
  if (losses.length < 2 || !(last! > first!)) return [];
  const message = `The training loss went up, from ${first!.toPrecision(3)} to ${last!.toPrecision(3)}.`;
  return [warning('diverged', undefined, message)];
}

/** The guards of `fit`'s warnings. `worse-than-constant` has none, because `scoreGuards` measures it on the test rows. */
const OF_FIT: Readonly<Partial<Record<FitWarning['kind'], Guard>>> = {
  'still-improving': 'still improving',
  'undefined-score': 'one class',
  'weight-died': 'dead weight',
  'loss-not-falling': 'loss not falling',
  'exploding-loss': 'exploding loss',
};

/** The warnings of `fit`: unfinished training, tasks without a validation score, and tasks that a balancer no longer trains. */
export const fitGuards = (warnings: readonly FitWarning[]): Warning[] =>
  warnings.flatMap(({ kind, task, message }) => {
    const guard = OF_FIT[kind];
    return guard ? [warning(guard, task, message)] : [];
  });

const OF_FINDING: Readonly<Record<Finding['kind'], Guard>> = {
  'constant-output': 'constant predictions',
  'auc-at-half': 'no better than chance',
  'worse-than-constant': 'worse than a constant',
  'dead-expert': 'dead expert',
  'one-expert': 'one expert',
  'drowned-task': 'drowned task',
};

export const findingGuards = (findings: readonly Finding[]): Warning[] =>
  findings.map((each) => warning(OF_FINDING[each.kind], 'task' in each ? each.task : undefined, each.message));

/** The warning for a failed trial. `fit` throws where a loss or an output isn't finite: such a trial has diverged. */
export const failureWarning = (error: Error): Warning => ({
  guard: /diverged|not finite|isn't finite/i.test(error.message) ? 'diverged' : 'failed',
  message: `No result: ${error.message}`,
});

/** Predictions that differ by less count as equal: a float32 has 24 bits. */
const SAME = 1e-6;

/** Warns of a task with one prediction for all rows, and of two tasks with equal predictions: one may read the head of the other. */
export function predictionGuards(predictions: Readonly<Record<string, ArrayLike<number>>>): Warning[] {
  const tasks = Object.entries(predictions).filter(([, values]) => values.length > 1);
  const constant = tasks.filter(([, values]) => isConstant(values));
  const varied = tasks.filter(([, values]) => !isConstant(values));
  return [
    ...constant.map(([task, values]) => {
      const message = `Task ${task} is predicted to be ${values[0]!.toPrecision(3)} for every test row.`;
      return warning('constant predictions', task, message);
    }),
    ...varied.flatMap(([task, values], i) => {
      const same = varied.slice(i + 1).filter(([, others]) => areEqual(values, others));
      const messageOf = (other: string) => `Tasks ${task} and ${other} have the same prediction for every test row.`;
      return same.map(([other]) => warning('equal predictions', undefined, messageOf(other)));
    }),
  ];
}

function isConstant(values: ArrayLike<number>): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return most - least <= SAME * Math.max(1, Math.abs(most));
}

function areEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > SAME * Math.max(1, Math.abs(a[i]!))) return false;
  return true;
}

/** A mean prediction that is so many standard errors from the mean label isn't chance: of three in 1,000 good models it is. */
const ERRORS = 3;
/** Up to this share of the mean label nobody minds. */
const NEAR = 0.05;

/** Whether predictions of a task are numbers that add up. */
export function hasTotal(task: Task): boolean {
  const { hasMean, isProbability } = predictionTypeOf(task);
  return hasMean && !isProbability;
}

/** Warns of predicted numbers whose total isn't that of the labels, beyond what the choice of rows explains. @param rows in words */
export function totalGuard(
  name: string,
  task: Task,
  { labels, predictions, weights }: TaskPredictions,
  rows: string,
): Warning[] {
  const total = sum(weights);
  const meanOf = (values: Float64Array) => sum(values, (value, row) => value * weights[row]!) / total;
  const [predicted, actual] = [meanOf(predictions), meanOf(labels)];
  const residuals = labels.map((label, row) => weights[row]! * (predictions[row]! - label - (predicted - actual)));
  const error = Math.sqrt(sum(residuals, (value) => value ** 2)) / total;
  const apart = Math.abs(predicted - actual);
  if (!(apart > ERRORS * error && apart > NEAR * Math.abs(actual))) return [];
  const remedy = isLog(task)
    ? 'It is trained on logarithms, so that totals are too low: for totals, declare it as "count", or as "amount" if many labels are 0.'
    : 'Train longer, or look whether these rows are unlike the training rows.';
  const message =
    `Task ${name}: the mean prediction on ${rows} is ${predicted.toPrecision(3)}, the mean label ${actual.toPrecision(3)}, ` +
    `more than chance explains (standard error ${error.toPrecision(2)}). ${remedy}`;
  return [warning('biased total', name, message)];
}

export interface TestedTask {
  readonly task: string;
  readonly type: Pick<PredictionType, 'hasDecision' | 'suspicious' | 'constant'>;
  /** Whether the error is that of the labels' logarithms. Default: false. */
  readonly log?: boolean;
  readonly labels: ArrayLike<number>;
  /** NE, log loss over the entropy of the class shares, or RMSE over the labels' standard deviation. Undefined if it wasn't measured. */
  readonly normalizedLoss: number | undefined;
}

/** Warns of a task that is predicted no better than by a constant, of numbers predicted nearly without error, and of labels of one class. */
export const scoreGuards = (tasks: readonly TestedTask[]): Warning[] =>
  tasks.flatMap((tested) => [...constantGuard(tested), ...leakGuard(tested), ...classGuard(tested)]);

function leakGuard({ task, type, normalizedLoss = NaN }: TestedTask): Warning[] {
  if (!(normalizedLoss < (type.suspicious ?? 0))) return []; // classes can be told apart nearly without error
  const error = `RMSE ${normalizedLoss.toPrecision(2)} times the deviation`;
  const ask = 'Is this a leak? Look for features that are known only with the label.';
  return [warning('nearly perfect', task, `Task ${task}: nearly no error (${error}). ${ask}`)];
}

function constantGuard({ task, type, log = false, normalizedLoss = NaN }: TestedTask): Warning[] {
  if (!(normalizedLoss >= 1)) return [];
  const constant = log ? LOGARITHM : type.constant;
  const error = constant.error(normalizedLoss.toPrecision(3));
  const message = `Task ${task}: worse than predicting the ${constant.name} (${error}).`;
  return [warning('worse than a constant', task, message)];
}

const LOGARITHM: PredictionType['constant'] = {
  name: 'mean logarithm',
  error: (value) => `RMSLE ${value} times the deviation of the logarithms`,
};

function classGuard({ task, type, labels }: TestedTask): Warning[] {
  if (!type.hasDecision) return [];
  for (let row = 1; row < labels.length; row++) if (labels[row] !== labels[0]) return [];
  const classes = labels.length === 0 ? 'no label' : 'only one class';
  return [warning('one class', task, `The test rows have ${classes} of task ${task}: its AUC and NE aren't defined.`)];
}
