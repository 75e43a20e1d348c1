import { type ColumnDrift, type ThenAndNow, PSI_LIMITS } from '@polytask/data';
import {
  type Block,
  counted,
  formatCount,
  leftOutSentences,
  metricFormat,
  type ReportDocument,
  textTable,
} from '@polytask/study';
import { byDrift, digits, hasDrifted, type LabeledTask, percent } from './drift-findings.ts';
import type { Drift } from './measure-drift.ts';

const MOST = 40;

const READINGS: Readonly<Record<ColumnDrift['verdict'], string>> = {
  stable: 'stable',
  moderate: 'moderate drift',
  large: 'LARGE drift',
  noise: 'too few rows to tell',
  unknown: '–',
};

export function driftDocument(model: string, drift: Drift): ReportDocument {
  const { rows, reference, features, predictions, findings } = drift;
  const [drifted, moved] = [features, predictions].map((each) => byDrift(each.filter((one) => hasDrifted(one))));
  const answer =
    drifted!.length === 0
      ? `No feature has drifted: each PSI is below ${PSI_LIMITS.moderate}, or what chance gives.`
      : `${counted(drifted!.length, 'feature')} of ${formatCount(features.length)} drifted: ${names(drifted!)}.`;
  const ofPredictions = moved!.length > 0 ? [`Predictions drifted: ${names(moved!)}.`] : [];
  const than = reference ?? 'the rows of the training';
  return {
    title: `${model}: ${counted(rows, 'row')} compared with ${than}`,
    blocks: [
      { kind: 'text', look: 'answer', sentences: [answer, ...ofPredictions] },
      ...findings.map(({ message }) => paragraph(message, 'warning')),
      ...section('Features', features),
      ...section('Predictions', predictions),
      paragraph(
        'PSI below 0.1 is stable, above 0.25 large. "by chance" is its mean without drift, for so many rows.',
        'note',
      ),
      ...labelBlocks(drift),
    ],
  };
}

const names = (columns: readonly ColumnDrift[]): string =>
  columns
    .slice(0, 5)
    .map(({ name, psi }) => `${name} (PSI ${psi.toFixed(2)})`)
    .join(', ') + (columns.length > 5 ? ` and ${columns.length - 5} more` : '');

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
        change(missing, percent),
        change(unseen, percent),
        mean ? change(mean, digits) : '',
        decimals(psi, 3),
        decimals(expected, 3),
        READINGS[verdict],
      ]),
  );
  const others = columns.length - MOST;
  const rest = others > 0 ? [paragraph(`${formatCount(others)} more have a smaller PSI.`, 'note')] : [];
  return [{ kind: 'section', title, blocks: [{ kind: 'table', table }, ...rest] }];
}

function labelBlocks({ labeled, leftOut }: Drift): Block[] {
  const notes = leftOutSentences(leftOut).map((sentence) => paragraph(sentence, 'note'));
  if (labeled.length > 0)
    return [{ kind: 'section', title: 'Labels', blocks: [...notes, { kind: 'table', table: labelTable(labeled) }] }];
  const none = 'The file has no labels: add their columns to see calibration and scores.';
  return notes.length > 0 ? notes : [paragraph(none, 'note')];
}

function labelTable(labeled: readonly LabeledTask[]) {
  const lines = labeled.flatMap(({ task, rows, mean, difference, calibrationError, scores }) => [
    [task, formatCount(rows), 'mean prediction', digits(mean.predicted), ''],
    ['', '', 'mean label', digits(mean.observed), intervalOf(difference)],
    ['', '', 'calibration error', decimals(calibrationError, 4), ''],
    ...Object.entries(scores).map(([metric, { then, now }]) => [
      '',
      '',
      metricFormat(metric).label,
      decimals(now, 4),
      Number.isNaN(then) ? '' : `${decimals(then, 4)} on the test rows of the training`,
    ]),
  ]);
  return textTable(['task', 'labels', '', 'now', ''], lines);
}

const intervalOf = ({ mean, low, high }: LabeledTask['difference']): string =>
  Number.isNaN(mean) ? '' : `${signed(mean)} (${signed(low)} to ${signed(high)})`;

const change = ({ then, now }: ThenAndNow, show: (value: number) => string): string =>
  Number.isNaN(then) || show(then) === show(now) ? show(now) : `${show(then)} → ${show(now)}`;

const decimals = (value: number, places: number): string => (Number.isFinite(value) ? value.toFixed(places) : '–');
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${digits(Math.abs(value))}`;
