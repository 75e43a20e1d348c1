import { selectionMeasure } from '../summary/selection-measure.ts';
import { formatValues, sensitivityTable } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { capitalized, formatDifference } from './format.ts';

/** A part of a report: how much of a difference is the configuration's. */
export interface SensitivitySection {
  readonly title: string;
  readonly head: readonly string[];
  /** A row a model. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** @returns undefined where nothing was searched */
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
      `${capitalized(mean)} on the validation rows of the search's one seed, of the configurations that were trained in full${compared ? `: that of ${baseline}, and the others' minus that of ${baseline} under the same configuration. ahead: in how many of those that both have the model is better` : ''}. The last two columns are the range of a model's own scores.`,
      'One seed, and the rows that configurations and epochs were picked by: it shows how much a difference depends on the configuration, and is no test of it.',
    ],
  };
}
