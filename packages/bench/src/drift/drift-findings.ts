import { defineFinding, type Finding } from '@polytask/components';
import { type ColumnDrift, PSI_LIMITS, type ThenAndNow } from '@polytask/data';

/** Whether a column has drifted. @param above the PSI from which it has */
export const hasDrifted = ({ psi, verdict }: ColumnDrift, above: number = PSI_LIMITS.moderate): boolean =>
  psi > above && verdict !== 'noise';

/** The column with the largest drift first. */
export const byDrift = (columns: readonly ColumnDrift[]): ColumnDrift[] =>
  [...columns].sort((a, b) => (b.psi || 0) - (a.psi || 0));

/** The columns that have drifted, the one with the largest drift first. */
export const drifted = (columns: readonly ColumnDrift[]): ColumnDrift[] =>
  byDrift(columns.filter((each) => hasDrifted(each)));

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

const unseenDates = defineFinding<'column', { unseen: ThenAndNow; number: string }>('unseen-values', {
  says: ({ column, unseen: { now }, number }) =>
    `${column}: ${percent(now)} of the dates are outside the range of the training dates, in the ${number}.`,
  remedy: ({ number }) =>
    number === 'trend'
      ? 'If you predict later dates, train without the trend: declare the feature with "parts": ["year", "week"].'
      : 'Train with dates of that part of the cycle, or leave the cycle out of the "parts" of the feature.',
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
  if (drift.date)
    return [unseenDates({ column: drift.date.feature }, { unseen: drift.unseen, number: drift.date.number })];
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
