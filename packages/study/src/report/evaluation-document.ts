import type { Finding } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import type { SegmentScore, TaskEvaluation } from '../evaluation/evaluate-predictions.ts';
import { formatBounds, formatCount, formatNumber, formatShare as percent, joined } from '../format.ts';
import { metricFormat, metricTitle } from '../summary/metric-entries.ts';
import type { TestedComparison } from '../auto/run-auto.ts';
import { BIASED_PROBABILITY, LOW_COVERAGE } from '../evaluation/prediction-findings.ts';
import * as doc from './blocks.ts';
import { signedCell } from './differences.ts';
import { calibrationPlots, intervalSentence } from './calibration-blocks.ts';
import { digits, errorBlocks } from './error-blocks.ts';
import { comparedBy, ROW_METHODS } from './measurement.ts';
import { drawPicture, legend, type Picture, slug, stacked } from './pictures/chart.ts';
import { lineChart } from './pictures/line-chart.ts';
import { seriesClass } from './pictures/markup.ts';
import { CONSTANT } from '../summary/column-words.ts';
import { differenceSentences, leftOutSentences, type SeenCount } from './training-answer.ts';
import { comparisonTable } from './training-document.ts';

/** How good a model is on the rows of a file. */
export interface EvaluationReport {
  /** The number of rows, without those that are left out. */
  readonly rows: number;
  /** How many rows the model was trained on, which are left out. */
  readonly leftOut: readonly SeenCount[];
  /** The declarations of the tasks. */
  readonly schema: Tasks;
  readonly tasks: readonly TaskEvaluation[];
  /** What is bad about the predictions. */
  readonly findings: readonly Finding[];
  /** The tasks that no row has a label of. */
  readonly unlabeled: readonly string[];
  /** The model compared with another one, on the same rows. */
  readonly against: (TestedComparison & MatchedRows) | undefined;
  /** The column of the segments, and the scores. */
  readonly by?: string | undefined;
  readonly segments: readonly SegmentScore[];
  /** By task and metric: the score on the test rows of the training. Missing where it isn't known. */
  readonly training: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

interface MatchedRows {
  /** The file whose rows are in the order of the other predictions. Undefined if the rows are matched otherwise. */
  readonly inOrderOf?: string | undefined;
}

/** The evaluation of a model: scores, the other model, segments, decisions, the rows with the largest errors, and calibration. */
export function evaluationDocument(title: string, report: EvaluationReport): doc.ReportDocument {
  const { schema, tasks: all, findings, unlabeled, against, by, segments, training, leftOut } = report;
  const isLow = (task: string) => findings.some(({ kind, about }) => kind === LOW_COVERAGE && about.task === task);
  const hasWrongMean = findings.some(({ kind }) => kind === BIASED_PROBABILITY || kind === 'biased-total');
  return doc.documentOf(
    title,
    doc.text(
      [
        ...all.map((each) => scoreSentence(each, training[each.task])),
        ...all.flatMap(({ task, interval }) => (interval && !isLow(task) ? intervalSentence(task, interval) : [])),
        ...(against ? againstSentences(against) : []),
      ],
      'answer',
    ),
    doc.lines(
      findings.map(({ message }) => message),
      'warning',
    ),
    leftOutSentences(leftOut).map((sentence) => doc.note(sentence)),
    unlabeled.length > 0 && doc.note(`No row has a label of ${joined(unlabeled)}.`),
    doc.table(scoreTable(all, training)),
    doc.note(
      '95% intervals: over samples of rows.',
      `${CONSTANT}: the base rate, the class shares or the mean of these labels, for every row.`,
    ),
    against &&
      doc.section(`Against ${against.other}`, [
        doc.table(comparisonTable(against)),
        against.inOrderOf !== undefined &&
          doc.note(`Its rows are compared with those of ${against.inOrderOf} in their order.`),
      ]),
    segments.length > 0 && segmentBlocks(by!, segments),
    all.map((each) => doc.section(each.task, [errorBlocks(each), taskBlocks(each)])),
    doc.section('Calibration', calibrationPlots(schema, all)),
    doc.section(
      'How it was measured',
      doc.list([
        ROW_METHODS,
        comparedBy([against]),
        segments.length > 0 && SEGMENTS,
        all.some(({ task }) => isLow(task)) && COVERAGE,
        hasWrongMean && MEANS,
      ]),
      'detail',
    ),
  );
}

const SEGMENTS =
  "Segments: Welch's t test on jackknife standard errors, 5% level, with Holm's correction for the table.";

const COVERAGE = 'Labels within intervals and sets: a one-sided binomial test, 0.1% level.';

const MEANS =
  'The mean prediction differs significantly from the mean label if the difference is above three standard errors.';

function againstSentences(against: TestedComparison): string[] {
  const found = differenceSentences(against);
  return found.length > 0 ? found : [`Every difference from ${against.other} could be chance.`];
}

const show = (value: number | null | undefined, metric: string): string =>
  formatNumber(value, metricFormat(metric).digits);

/** `income: AUC 0.8900 on 2,000 rows; 0.9000 on the test rows of the training.` */
function scoreSentence(
  { task, rows, scores }: TaskEvaluation,
  training: EvaluationReport['training'][string] = {},
): string {
  const [metric, { value, low, high }] = Object.entries(scores)[0]!;
  const { label, digits } = metricFormat(metric);
  const before = training[metric];
  return (
    `${task}: ${label} ${formatBounds(value, { low, high }, digits)} on ${formatCount(rows)} rows` +
    (typeof before === 'number' ? `; ${show(before, metric)} on the test rows of the training.` : '.')
  );
}

function scoreTable(all: readonly TaskEvaluation[], training: EvaluationReport['training']): doc.Table {
  const rows = all.flatMap(({ task, scores }) =>
    Object.entries(scores).map(([metric, score]) => ({ task, metric, ...score })),
  );
  return doc.tableOf(rows, [
    { title: 'task and metric', cell: ({ task, metric }) => `${task} ${metricTitle(metric)}` },
    { title: 'now', cell: ({ metric, value }) => show(value, metric) },
    { title: '95% interval', cell: interval },
    { title: 'at training', cell: ({ task, metric }) => show(training[task]?.[metric], metric) },
    { title: CONSTANT, cell: ({ metric, constant }) => show(constant, metric) },
  ]);
}

const interval = ({ metric, low, high }: Pick<SegmentScore, 'metric' | 'low' | 'high'>): string =>
  Number.isNaN(low) ? '' : `${show(low, metric)}–${show(high, metric)}`;

function taskBlocks(evaluation: TaskEvaluation): doc.Blocks {
  const { thresholds, lift, worst } = evaluation;
  const decision = thresholds?.find(({ rule }) => rule !== undefined);
  const probability = (at: number) => Number(at.toPrecision(4));
  return [
    thresholds && [
      doc.note(`Yes from a probability of ${probability(decision!.at)} on (${decision!.rule}).`),
      doc.rows(
        ['yes from', 'rows', 'precision', 'recall', 'F1', ...(decision!.cost === undefined ? [] : ['cost per row'])],
        thresholds.map(({ at, rule, rate, precision, recall, f1, cost }) => [
          `${probability(at)}${rule === undefined ? '' : ` (${rule})`}`,
          ...[rate, precision, recall].map((share) => percent(share)),
          formatNumber(f1, 4),
          ...(cost === undefined ? [] : [digits(cost)]),
        ]),
      ),
    ],
    lift && [
      doc.rows(
        ['top rows', 'lift', 'positives found'],
        lift.map(({ share, lift: value, found }) => [percent(share, 0), value.toFixed(2), percent(found)]),
      ),
      doc.note(
        'Lift: the rate of positives among the rows with the highest probabilities, over the rate among all rows.',
      ),
    ],
    doc.pictures(decisionPlots(evaluation)),
    doc.section(
      'Largest errors',
      doc.rows(
        ['row', 'label', 'prediction'],
        worst.map(({ row, label, prediction, name }) => {
          if (typeof label === 'string')
            return [row, label, name === undefined ? digits(prediction) : `${name} (${percent(prediction)})`];
          const prefix = name === undefined ? '' : `${name}: `;
          return [row, ...[label, prediction].map((value) => `${prefix}${digits(value)}`)];
        }),
      ),
    ),
  ];
}

/** Decisions by threshold, with a rule at the task's, and the gains of the highest probabilities. */
function decisionPlots({ task, thresholds, lift }: TaskEvaluation): Picture[] {
  if (!thresholds || !lift) return [];
  const shares = ['precision', 'recall', 'f1'] as const;
  const size = { width: 320, height: 250, range: [0, 1], xRange: [0, 1], xTicks: 4 } as const;
  const decisions = lineChart({
    ...{ ...size, title: `${task}: decisions`, xTitle: 'yes from', now: thresholds.find(({ rule }) => rule)!.at },
    series: shares.map((name, i) => ({
      ...{ name: metricFormat(name).label, look: seriesClass(i), marked: true },
      points: thresholds.map((row) => [row.at, row[name]] as const),
    })),
  });
  const ends = [[0, 0], [1, 1]] as const; // prettier-ignore
  const found = lift.map((row) => [row.share, row.found] as const);
  const gains = lineChart({
    ...{ ...size, title: `${task}: positives found`, xTitle: 'top rows' },
    series: [
      { name: 'rows in any order', look: 'dash1', points: ends },
      { name: 'gains', look: 'accent', points: [ends[0], ...found, ends[1]], marked: true },
    ],
  });
  const names = legend(
    shares.map((name) => metricFormat(name).label),
    decisions.width,
  );
  const [byThreshold, byRank] = [
    'Precision, recall and F1 by threshold, with a line at the threshold of the matrix above',
    'The share of positives among the rows with the highest probabilities, with a dashed line for rows in any order',
  ];
  return [
    drawPicture(`decisions-${slug(task)}`, byThreshold, stacked([decisions, names])),
    drawPicture(`gains-${slug(task)}`, byRank, gains),
  ];
}

function segmentBlocks(by: string, segments: readonly SegmentScore[]): doc.Blocks {
  const named = (verdict: SegmentScore['verdict']) =>
    joined(segments.filter((each) => each.verdict === verdict).map(({ segment, task }) => `${segment} (${task})`));
  const [better, worse] = [named('better'), named('worse')];
  return doc.section(`By ${by}`, [
    doc.text([
      worse !== '' && `Significantly worse than on all other rows: ${worse}.`,
      better !== '' && `Significantly better: ${better}.`,
      worse + better === '' && 'Every difference between segments could be chance.',
    ]),
    doc.table(
      doc.tableOf(segments, [
        { title: by, cell: ({ segment }) => segment },
        { title: 'task', cell: ({ task }) => task },
        { title: 'rows', cell: ({ rows }) => formatCount(rows) },
        { title: 'metric', cell: ({ metric }) => metricFormat(metric).label },
        { title: 'score', cell: ({ metric, value, verdict }) => signedCell(show(value, metric), verdict) },
        { title: '95% interval', cell: interval },
      ]),
    ),
    doc.note('▲ significantly better, ▼ significantly worse than on all other rows.'),
  ]);
}
