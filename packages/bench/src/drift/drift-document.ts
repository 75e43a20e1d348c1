import type { Finding } from '@polytask/components';
import { type ColumnDrift, type RowDrift, type ThenAndNow, PSI_LIMITS } from '@polytask/data';
import { type Block, counted, formatCount, formatShare, type ReportDocument, tableOf } from '@polytask/study';
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

const MEASURED = [
  'Drift is the population stability index (PSI) of two histograms: of ten bins of numbers, or of the twenty most frequent ids.',
  '"Too few rows to tell": one file in a thousand of so many rows has a PSI as large without any drift.',
];

const READINGS: Readonly<Record<ColumnDrift['verdict'], string>> = {
  stable: 'stable',
  moderate: 'moderate',
  large: 'LARGE',
  noise: 'too few rows to tell',
  unknown: '',
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
      ? 'No feature has drifted: every difference is small, or could be chance.'
      : `${counted(count, 'feature')} of ${formatCount(all)} drifted: ${namesOf(moved)}.`;
  return {
    title: `${model}: ${counted(rows, 'row')} compared with ${reference ?? 'the rows of the training'}`,
    blocks: [
      { kind: 'text', look: 'answer', sentences: [answer] },
      ...findings.map(({ message }) => paragraph(message, 'warning')),
      ...section('Features', features),
      ...section('Predictions', predictions),
      paragraph(`drift: below ${PSI_LIMITS.moderate} is stable, above ${PSI_LIMITS.large} large.`, 'note'),
      {
        ...{ kind: 'section', title: 'How it was measured', importance: 'detail' },
        blocks: [{ kind: 'list', items: MEASURED }],
      },
    ],
  };
}

export const paragraph = (sentence: string, look: 'note' | 'warning'): Block => ({
  kind: 'text',
  look,
  sentences: [sentence],
});

function section(title: string, columns: readonly ColumnDrift[]): Block[] {
  const [hasIds, hasNumbers] = [
    columns.some(({ type }) => type === 'ids'),
    columns.some(({ type }) => type === 'numbers'),
  ];
  const shareIf = (is: boolean, unseen: ThenAndNow) => (is ? change(unseen, formatShare) : '');
  const table = tableOf(byDrift(columns).slice(0, MOST), [
    { title: title.toLowerCase(), cell: ({ name }) => name },
    { title: 'missing', cell: ({ missing }) => change(missing, formatShare) },
    hasIds && { title: 'unknown', cell: ({ type, unseen }) => shareIf(type === 'ids', unseen) },
    hasNumbers && { title: 'out of range', cell: ({ type, unseen }) => shareIf(type === 'numbers', unseen) },
    { title: 'mean', cell: ({ mean }) => mean && change(mean, digits) },
    { title: 'drift', cell: ({ psi, verdict }) => `${decimals(psi)} ${READINGS[verdict]}`.trim() },
  ]);
  const others = columns.length - MOST;
  const rest = others > 0 ? [paragraph(`${formatCount(others)} more have drifted less.`, 'note')] : [];
  return [{ kind: 'section', title, blocks: [{ kind: 'table', table }, ...rest] }];
}

const change = ({ then, now }: ThenAndNow, show: (value: number) => string): string =>
  Number.isNaN(then) || show(then) === show(now) ? show(now) : `${show(then)} → ${show(now)}`;

const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '–');
