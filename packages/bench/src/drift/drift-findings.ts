import { commandLine, defineFinding, groupBy, type Finding } from '@polytask/components';
import { type ColumnDrift, PSI_LIMITS, type RowDrift, type ThenAndNow } from '@polytask/data';
import { formatShare, type ModelRows } from '@polytask/study';

/** Whether a column has drifted. @param above the PSI from which it has */
export const hasDrifted = ({ psi, verdict }: ColumnDrift, above: number = PSI_LIMITS.moderate): boolean =>
  psi > above && verdict !== 'noise';

/** The column with the largest drift first. */
export const byDrift = (columns: readonly ColumnDrift[]): ColumnDrift[] =>
  [...columns].sort((a, b) => (b.psi || 0) - (a.psi || 0));

/** The columns of each feature or task. A date and a vector have several. */
const byFeature = (columns: readonly ColumnDrift[]): ColumnDrift[][] => [...groupBy(columns, ({ of }) => of).values()];

/** The columns that have drifted, of each feature or task, in the order of their largest drift. */
const drifted = (columns: readonly ColumnDrift[], above?: number): ColumnDrift[][] =>
  byFeature(byDrift(columns.filter((each) => hasDrifted(each, above))));

/** Three digits, and all those of a whole number, such as a year. */
export const digits = (value: number): string =>
  Number.isFinite(value) ? String(Math.abs(value) < 100 ? Number(value.toPrecision(3)) : Math.round(value)) : '–';

const trainOn = ({ model, file }: ModelRows, says: string) => ({
  says,
  command: commandLine('polytask', 'train', file, '--from', model, '--out', `${model.replace(/[\\/]+$/, '')}-2`),
});

const otherUnits = defineFinding<'column', { mean: ThenAndNow }>('other-units', {
  says: ({ column, mean }) => `${column}: the mean is ${digits(mean.now)}, and was ${digits(mean.then)}.`,
  remedy: 'Has it another unit?',
});
const missing = defineFinding<'column', { missing: ThenAndNow }>('missing-values', {
  says: ({ column, missing: { now, then } }) =>
    `${column} is missing in ${formatShare(now)}, and was in ${formatShare(then)}.`,
  remedy: 'Look at its source.',
});
const unknownIds = defineFinding<'column', ModelRows & { unseen: ThenAndNow }>('unseen-values', {
  says: ({ column, unseen: { now } }) => `${column}: ${formatShare(now)} of the values are unknown to the model.`,
  remedy: (rows) => trainOn(rows, 'Are they spelled as in the training? If so, train on rows like these, with labels'),
});
const outOfRange = defineFinding<'column', ModelRows & { unseen: ThenAndNow }>('out-of-range', {
  says: ({ column, unseen: { now } }) =>
    `${column}: ${formatShare(now)} of the values are outside the range of the training.`,
  remedy: (rows) => trainOn(rows, 'Train on rows like these, with labels'),
});

interface DatesOutOfRange {
  readonly unseen: ThenAndNow;
  /** The parts of the date that are out of range, and the others that enter the model. */
  readonly parts: readonly string[];
  readonly others: readonly string[];
}
const datesOutOfRange = defineFinding<'column', DatesOutOfRange>('out-of-range', {
  says: ({ column, unseen: { now }, parts }) =>
    `${column}: ${formatShare(now)} of the dates are outside the range of the training dates, in the ${parts.join(' and ')}.`,
  remedy: ({ column, others: parts }) =>
    parts.length > 0
      ? {
          says: 'Train with dates like these, or without this part of the date',
          dataset: { features: { [column]: { kind: 'date', parts } } },
        }
      : 'Train with dates like these, or leave the feature out.',
});

/** A share of rows that is worth a sentence. */
const MANY = 0.2;
/** A mean that is so many times another one is probably of another unit. */
const FAR = 3;

/** The likely reasons why features have drifted, of those that have one. */
export const driftReasons = (columns: readonly ColumnDrift[], rows: ModelRows): Finding[] =>
  byFeature(columns).flatMap((own) => reasonOf(own, rows));

function reasonOf(columns: readonly ColumnDrift[], rows: ModelRows): Finding[] {
  const { of: column, mean, missing: absent, type } = columns[0]!;
  const ofNew = columns.filter(({ unseen: { now, then } }) => now - then > MANY);
  const [most] = ofNew.sort((a, b) => b.unseen.now - a.unseen.now);
  const ratio = mean ? mean.now / mean.then : 1;
  if (most && mean && (ratio > FAR || ratio < 1 / FAR)) return [otherUnits({ column }, { mean })];
  if (absent.now - absent.then > MANY) return [missing({ column }, { missing: absent })];
  if (!most) return [];
  const { unseen: share, date } = most;
  if (!date) return [(type === 'numbers' ? outOfRange : unknownIds)({ column }, { unseen: share, ...rows })];
  const parts = date.parts.filter((part) => ofNew.some((each) => each.date!.part === part));
  const others = date.parts.filter((part) => !parts.includes(part));
  return [datesOutOfRange({ column }, { unseen: share, parts, others })];
}

const shifted = defineFinding<'column' | 'part', ModelRows & { stability: number }>('shifted-values', {
  says: ({ column }) => `Feature "${column}" has drifted since the training.`,
  remedy: (rows) => trainOn(rows, 'Train on rows like these'),
});

/** The features with a large drift: the likely reason, or the drift. */
export const largeDrifts = (features: readonly ColumnDrift[], rows: ModelRows): Finding[] =>
  drifted(features, PSI_LIMITS.large).flatMap((columns) => {
    const { of: column, psi: stability } = columns[0]!;
    const reasons = reasonOf(columns, rows);
    return reasons.length > 0 ? reasons : [shifted({ column, part: 'test' }, { stability, ...rows })];
  });

/** `tasks`: the largest PSI of each. */
const shiftedPredictions = defineFinding<never, ModelRows & { tasks: Readonly<Record<string, number>> }>(
  'shifted-predictions',
  {
    says: ({ tasks }) => `Predictions drifted: ${namesOf(tasks)}.`,
    remedy: ({ model, file }) => ({
      says: 'Measure the model when the rows have labels',
      command: commandLine('polytask', 'evaluate', model, file),
    }),
  },
);

/** The likely reasons of drifted features, and whether predictions have drifted. */
export function driftFindings({ features, predictions }: RowDrift, rows: ModelRows): Finding[] {
  const tasks = driftedPsi(predictions);
  return [
    ...drifted(features).flatMap((own) => reasonOf(own, rows)),
    ...(Object.keys(tasks).length > 0 ? [shiftedPredictions({}, { tasks, ...rows })] : []),
  ];
}

/** The largest PSI of each feature or task that has drifted, the largest one first. */
export const driftedPsi = (columns: readonly ColumnDrift[]): Record<string, number> =>
  Object.fromEntries(drifted(columns).map(([column]) => [column!.of, column!.psi]));

/** `age, state and 3 more` */
export function namesOf(drifts: Readonly<Record<string, number>>): string {
  const names = Object.keys(drifts);
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}
