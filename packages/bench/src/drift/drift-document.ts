import type { Finding } from '@polytask/components';
import { type ColumnDrift, type RowDrift, type ThenAndNow, PSI_LIMITS } from '@polytask/data';
import { type Block, counted, formatCount, formatShare, type ReportDocument, textTable } from '@polytask/study';
import { byDrift, digits, driftedPsi, namesOf } from './drift-findings.ts';

/** How rows differ from those that a model was trained on. */
export interface Drift extends RowDrift {
  readonly rows: number;
  /** The file that the rows were compared with; undefined for the rows of the training. */
  readonly reference: string | undefined;
  /** The likely reasons of drifted features, and whether predictions have drifted. */
  readonly findings: readonly Finding[];
}

const MOST = 40;

const READINGS: Readonly<Record<ColumnDrift['verdict'], string>> = {
  stable: 'stable',
  moderate: 'moderate drift',
  large: 'LARGE drift',
  noise: 'too few rows to tell',
  unknown: '–',
};

export function driftDocument(
  model: string,
  { rows, reference, features, predictions, findings }: Drift,
): ReportDocument {
  const moved = driftedPsi(features);
  const count = Object.keys(moved).length;
  const all = new Set(features.map(({ of }) => of)).size;
  const answer =
    count === 0
      ? `No feature has drifted: each PSI is below ${PSI_LIMITS.moderate}, or what chance gives.`
      : `${counted(count, 'feature')} of ${formatCount(all)} drifted: ${namesOf(moved)}.`;
  return {
    title: `${model}: ${counted(rows, 'row')} compared with ${reference ?? 'the rows of the training'}`,
    blocks: [
      { kind: 'text', look: 'answer', sentences: [answer] },
      ...findings.map(({ message }) => paragraph(message, 'warning')),
      ...section('Features', features),
      ...section('Predictions', predictions),
      paragraph(
        'PSI below 0.1 is stable, above 0.25 large. "by chance" is its mean without drift, for so many rows.',
        'note',
      ),
    ],
  };
}

export const paragraph = (sentence: string, look: 'note' | 'warning'): Block => ({
  kind: 'text',
  look,
  sentences: [sentence],
});

function section(title: string, columns: readonly ColumnDrift[]): Block[] {
  const table = textTable(
    [title.toLowerCase(), 'missing', 'unseen', 'mean', 'PSI', 'by chance', ''],
    byDrift(columns)
      .slice(0, MOST)
      .map(({ name, missing, unseen, mean, psi, expected, verdict }) => [
        name,
        change(missing, formatShare),
        change(unseen, formatShare),
        mean ? change(mean, digits) : '',
        decimals(psi),
        decimals(expected),
        READINGS[verdict],
      ]),
  );
  const others = columns.length - MOST;
  const rest = others > 0 ? [paragraph(`${formatCount(others)} more have a smaller PSI.`, 'note')] : [];
  return [{ kind: 'section', title, blocks: [{ kind: 'table', table }, ...rest] }];
}

const change = ({ then, now }: ThenAndNow, show: (value: number) => string): string =>
  Number.isNaN(then) || show(then) === show(now) ? show(now) : `${show(then)} → ${show(now)}`;

const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '–');
