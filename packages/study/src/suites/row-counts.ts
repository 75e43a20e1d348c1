import { mapValues } from '@polytask/components';
import { formatCount, joined, present } from '../format.ts';
import type { DataNote, Warning } from '../guards/guards.ts';
import type { RowCounts, SuiteData } from './suite-entry.ts';
import { pairing } from '../results/folds.ts';

/** Says how many training, validation and test rows a seed has, and which rows were left out. */
export function rowsSentences({
  config,
  warnings,
}: {
  readonly config: { readonly data: SuiteData['config'] };
  readonly warnings: readonly Warning[];
}): string[] {
  const { train, validation, test } = rowCountsOf(config.data);
  const { validation: share } = config.data;
  const parts = present([
    train !== undefined && `${formatCount(train)} training${partOf(validation, share)}`,
    validation !== undefined && `${formatCount(validation)} validation`,
    test !== undefined && `${formatCount(test)} test`,
  ]);
  const limited = warnings.filter(({ guard }) => guard === 'limited rows').map(({ message }) => message);
  if (parts.length === 0) return limited;
  return [`${joined(parts)} rows per ${pairing(config).noun}.`, ...limited];
}

/** The share of validation rows, for a suite that splits them from its training rows. */
const partOf = (validation: number | undefined, share: unknown): string =>
  validation === undefined && typeof share === 'number' ? ` (${100 * share}% of them for validation)` : '';

const NAMES = { train: 'training', validation: 'validation', test: 'test' };
const PARTS = ['train', 'validation', 'test'] as const;

/** Says which rows were left out, by `--limit-rows` or by the suite. @param data with the counts of the remaining rows in `config.rows` */
export function limitNotes(
  { config, wholeRows }: Pick<SuiteData, 'config' | 'wholeRows'>,
  limitRows: number | undefined,
): DataNote[] {
  const counts = rowCountsOf(config);
  const countedParts = PARTS.filter((part) => counts[part] !== undefined);
  // Without the whole counts, a part of exactly `limitRows` rows counts as limited.
  const limitedParts = countedParts.filter((part) =>
    wholeRows ? counts[part]! < (wholeRows[part] ?? 0) : counts[part] === limitRows,
  );
  const listed = limitedParts.map((part) => {
    const whole = wholeRows?.[part];
    return `${formatCount(counts[part]!)}${whole === undefined ? '' : ` of ${formatCount(whole)}`} ${NAMES[part]} rows`;
  });
  const note = (by: string, what: string): DataNote[] => [
    { guard: 'limited rows', message: `Limited by ${by}: ${what}.` },
  ];
  if (listed.length > 0) return note(limitRows === undefined ? 'the suite' : '--limit-rows', joined(listed));
  if (limitRows === undefined || countedParts.length > 0) return [];
  return note('--limit-rows', `at most ${formatCount(limitRows)} rows of a part`);
}

/** The row counts of parts of which each has at most so many rows. */
export const limitedCounts = <P extends RowCounts>(counts: P, limit: number): P =>
  mapValues(counts as unknown as Record<string, number>, (count) => Math.min(limit, count)) as unknown as P;

/** The row counts in the data of a trial. A user's suite may have none. */
export function rowCountsOf(data: Readonly<Record<string, unknown>>): RowCounts {
  const counts = Object(data['rows']) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(PARTS.flatMap((part) => (typeof counts[part] === 'number' ? [[part, counts[part]]] : [])));
}
