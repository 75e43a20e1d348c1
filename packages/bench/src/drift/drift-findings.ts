import { defineFinding, type Finding } from '@polytask/components';
import type { Task } from '@polytask/core';
import { calibrationsFor } from '@polytask/core/calibration';
import { type ColumnDrift, PSI_LIMITS, type ThenAndNow } from '@polytask/data';

/** How right the predictions of a task are on labeled rows. */
export interface LabeledTask {
  readonly task: string;
  /** The number of labeled rows. */
  readonly rows: number;
  /** The weighted means of predictions and labels. Of classes: the probability of the likeliest one, and how often it is right. */
  readonly mean: { readonly predicted: number; readonly observed: number };
  /** The mean of label − prediction, with its 95% interval. NaN for quantiles and times. */
  readonly difference: { readonly mean: number; readonly low: number; readonly high: number };
  /** The mean distance of predictions from labels, over ten bins of about equally many rows. */
  readonly calibrationError: number;
  /** The metrics of `train`. `then`: on the test rows of the training; NaN if that is unknown. */
  readonly scores: Readonly<Record<string, { readonly then: number; readonly now: number }>>;
}

/** Whether a column has drifted. @param above the PSI from which it has */
export const hasDrifted = ({ psi, verdict }: ColumnDrift, above: number = PSI_LIMITS.moderate): boolean =>
  psi > above && verdict !== 'noise';

/** The column with the largest drift first. */
export const byDrift = (columns: readonly ColumnDrift[]): ColumnDrift[] =>
  [...columns].sort((a, b) => (b.psi || 0) - (a.psi || 0));

export const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)}%` : '–');
export const digits = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–');

const otherUnits = defineFinding<'column', { mean: ThenAndNow }>('other-units', {
  says: ({ column, mean }) => `${column}: the mean is ${digits(mean.now)}, and was ${digits(mean.then)}.`,
  remedy: 'Has it another unit?',
});
const missing = defineFinding<'column', { missing: ThenAndNow }>('missing-values', {
  says: ({ column, missing: { now, then } }) => `${column} is missing in ${percent(now)}, and was in ${percent(then)}.`,
  remedy: 'Look at its source.',
});
const unseen = defineFinding<'column', { unseen: ThenAndNow; isNumber: boolean }>('unseen-values', {
  says: ({ column, unseen: { now }, isNumber }) =>
    `${column}: ${percent(now)} of the values are ${isNumber ? 'outside the range of the training' : 'unseen'}.`,
  remedy: ({ isNumber }) =>
    isNumber
      ? 'Train with rows of that range.'
      : 'Are they spelled as in the training? Or train on: polytask train rows.csv --from MODEL.',
});

/** A share of rows that is worth a sentence. */
const MANY = 0.2;
/** A mean that is so many times another one is probably of another unit. */
const FAR = 3;

/** `day[0]`: a number of a date or of a vector. */
const isOneOfSeveral = (column: string): boolean => /\[\d+\]$/.test(column);

/** The likely reason why a column has drifted, if there is one. */
export function driftOf({ name: column, ...drift }: ColumnDrift): Finding[] {
  const { mean } = drift;
  const ratio = mean && mean.now / mean.then;
  if (mean && drift.unseen.now > MANY && (ratio! > FAR || ratio! < 1 / FAR)) return [otherUnits({ column }, { mean })];
  if (drift.missing.now - drift.missing.then > MANY) return [missing({ column }, { missing: drift.missing })];
  if (drift.unseen.now - drift.unseen.then <= MANY) return [];
  return [unseen({ column }, { unseen: drift.unseen, isNumber: mean !== undefined || isOneOfSeveral(column) })];
}

const shifted = defineFinding<'column' | 'part', { stability: number; reason: string | undefined }>('shifted-values', {
  says: ({ column, stability }) => `Feature "${column}" has drifted since the training (PSI ${stability.toFixed(2)}).`,
  remedy: ({ reason }) => reason ?? 'Train on rows like these: polytask train ROWS --from MODEL.',
});

/** The features with a large drift, each with its likely reason. */
export const largeDrifts = (features: readonly ColumnDrift[]): Finding[] =>
  features
    .filter((each) => hasDrifted(each, PSI_LIMITS.large))
    .map((each) =>
      shifted({ column: each.name, part: 'test' }, { stability: each.psi, reason: driftOf(each)[0]?.message }),
    );

/** `calibration`: one that the task can have. */
const biased = defineFinding<'task', LabeledTask['mean'] & { calibration: string | undefined }>('biased-predictions', {
  says: ({ task, predicted, observed }) =>
    `Predictions of ${task} are too ${predicted < observed ? 'low' : 'high'}: their mean is ${digits(predicted)}, ` +
    `that of the labels ${digits(observed)}.`,
  remedy: ({ calibration }) =>
    calibration === undefined
      ? 'Train on some of these rows: polytask train rows.csv --from MODEL.'
      : `Calibrate on some of these rows: polytask calibrate MODEL rows.csv --calibration ${calibration}.`,
});

/** Predictions whose mean isn't that of the labels, beyond chance. */
export function biasOf({ task: name, mean, difference: { low, high } }: LabeledTask, task: Task): Finding[] {
  const calibrations = calibrationsFor(task);
  const calibration = calibrations.includes('platt') ? 'platt' : calibrations[0];
  return low > 0 || high < 0 ? [biased({ task: name }, { ...mean, calibration })] : [];
}
