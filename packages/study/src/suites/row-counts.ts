import { defineFinding, type Finding, mapValues, recordOf } from '@polytask/components';
import { formatCount, joined, present } from '../format.ts';
import type { RowCounts, SuiteData } from './suite-entry.ts';
import { pairing } from '../results/folds.ts';

/** Says how many training, validation and test rows a seed has, and which rows are left out: the notes about the data. */
export function rowsSentences({
  config,
  warnings,
}: {
  readonly config: { readonly data: SuiteData['config'] };
  readonly warnings: readonly Finding[];
}): string[] {
  const { train, validation, test } = rowCountsOf(config.data);
  const { validation: share } = config.data;
  const parts = present([
    train !== undefined && `${formatCount(train)} training${partOf(validation, share)}`,
    validation !== undefined && `${formatCount(validation)} validation`,
    test !== undefined && `${formatCount(test)} test`,
  ]);
  const notes = warnings.filter(({ severity, about }) => severity === 'note' && about.model === undefined);
  return [
    ...(parts.length === 0 ? [] : [`${joined(parts)} rows per ${pairing(config).noun}.`]),
    ...notes.map(({ message }) => message),
  ];
}

/** The share of validation rows, for a suite that splits them from its training rows. */
const partOf = (validation: number | undefined, share: unknown): string =>
  validation === undefined && typeof share === 'number' ? ` (${100 * share}% of them for validation)` : '';

const NAMES = { train: 'training', validation: 'validation', test: 'test' };
const PARTS = ['train', 'validation', 'test'] as const;

interface Limited {
  /** Undefined if the suite itself limits its rows. */
  readonly limitRows: number | undefined;
  /** The counts of the limited parts. Empty if nobody counted. */
  readonly kept: RowCounts;
  readonly whole: RowCounts | undefined;
}

const limited = /* @__PURE__ */ defineFinding<never, Limited>('limited-rows', {
  severity: 'note',
  says({ limitRows, kept, whole }) {
    const parts = PARTS.flatMap((part) => {
      if (kept[part] === undefined) return [];
      const of = whole?.[part] === undefined ? '' : ` of ${formatCount(whole[part])}`;
      return `${formatCount(kept[part])}${of} ${NAMES[part]} rows`;
    });
    const what = parts.length > 0 ? joined(parts) : `at most ${formatCount(limitRows!)} rows of a part`;
    return `Limited by ${limitRows === undefined ? 'the suite' : '--limit-rows'}: ${what}.`;
  },
});

/** Says which rows were left out, by `--limit-rows` or by the suite. @param data with the counts of the remaining rows in `config.rows` */
export function limitNotes(
  { config, wholeRows }: Pick<SuiteData, 'config' | 'wholeRows'>,
  limitRows: number | undefined,
): Finding[] {
  const counts = rowCountsOf(config);
  const countedParts = PARTS.filter((part) => counts[part] !== undefined);
  // Without the whole counts, a part of exactly `limitRows` rows counts as limited.
  const limitedParts = countedParts.filter((part) =>
    wholeRows ? counts[part]! < (wholeRows[part] ?? 0) : counts[part] === limitRows,
  );
  if (limitedParts.length === 0 && (limitRows === undefined || countedParts.length > 0)) return [];
  return [limited({}, { limitRows, kept: recordOf(limitedParts, (part) => counts[part]!), whole: wholeRows })];
}

/** The row counts of parts of which each has at most so many rows. */
export const limitedCounts = <P extends RowCounts>(counts: P, limit: number): P =>
  mapValues(counts as unknown as Record<string, number>, (count) => Math.min(limit, count)) as unknown as P;

/** The row counts in the data of a trial. A user's suite may have none. */
export function rowCountsOf(data: Readonly<Record<string, unknown>>): RowCounts {
  const counts = Object(data['rows']) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(PARTS.flatMap((part) => (typeof counts[part] === 'number' ? [[part, counts[part]]] : [])));
}
