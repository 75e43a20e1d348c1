import type { ScoreTable, UnseenTable } from '../summary/summary.ts';
import { comparisonTable } from './comparison-table.ts';
import { formatCount } from './format.ts';
import { scoresTable, type ResultTable } from './result-table.ts';

/** A part of a report: what models reach on test rows that they can't have remembered. */
export interface UnseenSection {
  readonly title: string;
  readonly results: ResultTable;
  /** Undefined where there is no baseline, or nothing beside it. */
  readonly differences: ResultTable | undefined;
  readonly notes: readonly string[];
}

/** @returns undefined where all test rows are such rows, or none */
export function unseenSection({ unseen }: { readonly unseen: UnseenTable | undefined }): UnseenSection | undefined {
  if (!unseen) return undefined;
  const { rows, share } = unseen;
  const count =
    rows.least === rows.most ? formatCount(rows.most) : `${formatCount(rows.least)} to ${formatCount(rows.most)}`;
  return {
    title: `On the ${count} test rows (${(100 * share).toFixed(1)}%) whose features occur in no training row`,
    results: scoresTable(unseen),
    differences: comparisonTable(unseen),
    notes: [
      'The same predictions of the same models, measured on these rows alone. The features of the other test rows, as a model reads them, occur among the rows that it was trained on, with these labels or others: what it says of them it may remember.',
      `Means, intervals and signs as above${holm(unseen)}.`,
    ],
  };
}

function holm({ comparisons }: ScoreTable): string {
  const tests = Math.max(0, ...Object.values(comparisons).map(({ family }) => family));
  return tests > 1 ? `; Holm's correction is for the ${formatCount(tests)} comparisons of this table` : '';
}
