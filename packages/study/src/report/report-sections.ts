import { selectionMeasure } from '../summary/metric-rows.ts';
import { formatValues, sensitivityTable } from '../summary/sensitivity.ts';
import type { ScoreTable, Summary, UnseenTable } from '../summary/summary.ts';
import { comparisonTable } from './differences.ts';
import type { TextTable } from './plain-text.ts';
import { capitalized, formatCount, formatDifference } from './format.ts';
import { type ResultTable, scoresTable } from './result-table.ts';

// The sections that the HTML and the Markdown report share.

/** A section about the influence of the configuration on the differences. A row is a model. */
interface SensitivitySection extends TextTable {
  readonly title: string;
  readonly notes: readonly string[];
}

/** The section about a search. @returns undefined for a summary without a search */
export function sensitivitySection(summary: Summary): SensitivitySection | undefined {
  const table = sensitivityTable(summary);
  if (!table) return undefined;
  const { baseline } = summary;
  const { metric, configurations, rows } = table;
  const { digits, label, mean } = selectionMeasure(metric);
  const plain = (score: number) => (Number.isNaN(score) ? '–' : score.toFixed(digits));
  const compared = configurations.length > 0;
  return {
    title: 'Under other configurations',
    head: [
      'model',
      ...configurations.map(({ values }) => formatValues(values)),
      ...(compared ? ['ahead'] : []),
      `${label} from`,
      'to',
    ],
    rows: rows.map(({ model, differences, ahead, both, least, most }) => [
      model,
      ...configurations.map(({ score }, c) =>
        model === baseline ? plain(score) : formatDifference({ difference: differences[c]!, high: NaN }, digits),
      ),
      ...(compared ? [model === baseline || both === 0 ? '' : `${ahead} of ${both}`] : []),
      plain(least),
      plain(most),
    ]),
    notes: [
      `${capitalized(mean)} on the validation rows of the search's one seed, of the configurations that were trained in full` +
        (compared
          ? `: that of ${baseline}, and the others' minus that of ${baseline} under the same configuration. ` +
            'ahead: in how many of those that both have the model is better'
          : '') +
        ". The last two columns are the range of a model's own scores.",
      'One seed, and the rows that configurations and epochs were picked by: ' +
        'it shows how much a difference depends on the configuration, and is no test of it.',
    ],
  };
}

/** A section about the test rows whose features occur in no training row. */
interface UnseenSection {
  readonly title: string;
  readonly results: ResultTable;
  /** Undefined where no model is compared with a baseline. */
  readonly differences: ResultTable | undefined;
  readonly notes: readonly string[];
}

/** The section about unseen test rows. @returns undefined where all test rows are unseen, or none */
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
      'The same predictions of the same models, measured on these rows alone. ' +
        'The features of the other test rows, as a model reads them, occur among the rows that it was trained on, ' +
        'with these labels or others: what it says of them it may remember.',
      `Means, intervals and signs as above${holm(unseen)}.`,
    ],
  };
}

function holm({ comparisons }: ScoreTable): string {
  const tests = Math.max(0, ...Object.values(comparisons).map(({ family }) => family));
  return tests > 1 ? `; Holm's correction is for the ${formatCount(tests)} comparisons of this table` : '';
}
