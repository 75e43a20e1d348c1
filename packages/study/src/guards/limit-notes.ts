import { formatCount, joined } from '../report/format.ts';
import { rowCountsOf } from '../summary/row-counts.ts';
import type { RowCounts, SuiteData } from '../suites/suite-row.ts';
import type { DataNote } from './warning.ts';

const PARTS = ['train', 'validation', 'test'] as const;

/** What the parts of a data set are called in a sentence. */
const NAMES = { train: 'training', validation: 'validation', test: 'test' };

/**
 * Which rows `--limit-rows` left out.
 *
 * @param data whose `config.rows` has the counts that are left, as in the trials
 * @returns a note, or none where nothing was left out
 */
export function limitNotes(
  { config, wholeRows }: Pick<SuiteData, 'config' | 'wholeRows'>,
  limitRows: number | undefined,
): DataNote[] {
  if (limitRows === undefined) return [];
  const left = rowCountsOf(config);
  const countedParts = PARTS.filter((part) => left[part] !== undefined);
  // Where nobody knows how many there were, a part that is as large as the limit has met it.
  const parts = countedParts.filter((part) =>
    wholeRows ? left[part]! < (wholeRows[part] ?? 0) : left[part] === limitRows,
  );
  if (countedParts.length > 0 && parts.length === 0) return [];
  const listed = parts.map((part) => `${shown(left, wholeRows, part)} ${NAMES[part]} rows`);
  const what = listed.length > 0 ? joined(listed) : `at most ${formatCount(limitRows)} rows of a part`;
  return [{ guard: 'limited rows', message: `Limited by --limit-rows: ${what}.` }];
}

function shown(left: RowCounts, whole: RowCounts | undefined, part: keyof RowCounts): string {
  const [some, all] = [left[part]!, whole?.[part]];
  const count = formatCount(some);
  return all === undefined ? count : `${count} of ${formatCount(all)}`;
}
