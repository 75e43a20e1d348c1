import { checks, groupBy, predictionTypeOf, readOptions, type Schema, type Tasks } from '@polytask/core';
import type { AutoSearchResult, TestedComparison } from '../auto/run-auto.ts';
import { tablePictures } from './pictures/pictures.ts';
import { formatValues } from '../summary/sensitivity.ts';
import { metricFormat, metricTitle, selectionMeasure, metricsOf } from '../summary/metric-entries.ts';
import type { Summary } from '../summary/summary.ts';
import { calibrationTable, calibrationPlots } from './calibration-blocks.ts';
import * as doc from './blocks.ts';
import { errorBlocks } from './error-blocks.ts';
import { VERDICTS } from './differences.ts';
import { fusionBlocks } from './comparison-document.ts';
import { constantNotes, ROW_INTERVALS, resultTable } from './result-table.ts';
import { counted, digitsToShow, formatCount, formatDifference, formatNumber } from '../format.ts';
import { markWarnings } from './marked-warnings.ts';
import { comparedBy, measurement, measurementBlocks } from './measurement.ts';
import { rowsSentences } from '../suites/row-counts.ts';
import {
  type Continued,
  searchSentences,
  trainingAnswer,
  type TrainingReport,
  trainingSummary,
} from './training-answer.ts';

/** The model with its data, for the model card. */
export interface CardOptions {
  readonly schema: Schema;
  /** The folder of the model, for the commands. */
  readonly folder: string;
}

const CALIBRATED =
  'The scores of the model above and the pictures are those of the calibrated model. Other models are not calibrated.';

/**
 * The report of a trained model: its scores, features, errors, calibration, learning curves and fusion weights. After a search it also
 * says whether sharing helped, and what was tried.
 */
export function trainingDocument(report: TrainingReport, { features }: Pick<Schema, 'features'>): doc.ReportDocument {
  const { tasks, trials, tested, calibrated = [], search, sharing, boosting, teacher } = report;
  const summary = trainingSummary(report);
  const [{ engine, seed }] = trials;
  const drawn = tablePictures(summary, trials);
  return doc.documentOf(
    titleOf(report),
    doc.text(trainingAnswer(report), 'answer'),
    doc.note(`Seed ${seed}, on ${engine}.`, ...rowsSentences(summary)),
    scoreBlocks(summary),
    doc.text(featureSentences(features)),
    doc.section('Errors on the test rows', tested.map(errorBlocks)),
    doc.section('Before and after', continuedBlocks(report)),
    doc.section('Does sharing help?', doc.table(sharing && comparisonTable(sharing))),
    doc.section('Against gradient boosting', doc.table(boosting && comparisonTable(boosting))),
    doc.section('Against its teacher', doc.table(teacher && comparisonTable(teacher))),
    search && doc.section('The search', [doc.list(searchSentences(report)), doc.table(searchTable(search, summary))]),
    doc.section('Calibration', [
      calibrated.length > 0 && [doc.table(calibrationTable(calibrated)), doc.note(CALIBRATED)],
      calibrationPlots(tasks, tested),
    ]),
    doc.section('Learning curves', doc.pictures(drawn.curves)),
    doc.section(`Fusion weights, seed ${seed}`, fusionBlocks(trials.slice(0, 1), drawn.fusion)),
    doc.section('How it was measured', [doc.list([comparedIn(report)]), measurementBlocks(summary, trials)], 'detail'),
  );
}

const titleOf = ({ name, trials: [{ model }] }: TrainingReport): string => `${name}: ${model}`;

const comparedIn = ({ sharing, boosting, teacher, continued }: TrainingReport) =>
  comparedBy([sharing, boosting, teacher, ...(continued?.comparisons ?? [])]);

/** `The model uses 3 features.` `numeric: age, hours.` `categorical: state.` */
export const featureSentences = (features: Schema['features']): string[] => [
  `The model uses ${counted(Object.keys(features).length, 'feature')}.`,
  ...[...groupBy(Object.entries(features), ([, { kind }]) => kind)].map(
    ([kind, own]) => `${kind}: ${own.map(([name]) => name).join(', ')}.`,
  ),
];

export const predictionTable = (tasks: Tasks): doc.Table =>
  doc.textTable(
    ['task', 'prediction'],
    Object.entries(tasks).map(([name, task]) => [name, predictionTypeOf(task).description]),
  );

const scoreBlocks = (summary: Summary): doc.Blocks => [
  doc.table(resultTable(summary)),
  doc.lines(markWarnings(summary).lines, 'warning'),
  doc.lines([`${ROW_INTERVALS}.`, ...constantNotes(summary)], 'note'),
];

/**
 * The model card of a trained model: what it predicts from which features, how to use it, how it was trained, its scores on the test rows,
 * and its limits. After Mitchell et al. 2019, "Model cards for model reporting".
 *
 * @throws PolytaskError for an unknown option
 */
export function modelCard(report: TrainingReport, options: CardOptions): doc.ReportDocument {
  readOptions(options, { schema: checks.anything, folder: checks.text }, 'modelCard');
  const { schema, folder } = options;
  const summary = trainingSummary(report);
  const {
    trials: [trial],
  } = report;
  const tasks = Object.entries(schema.tasks);
  const features = Object.entries(schema.features);
  return doc.documentOf(
    titleOf(report),
    doc.text(trainingAnswer(report), 'answer'),
    doc.section('What it predicts', [
      doc.table(predictionTable(schema.tasks)),
      doc.text([`From ${counted(features.length, 'feature')}:`]),
      doc.rows(
        ['feature', 'kind'],
        features.map(([name, { kind }]) => [name, kind]),
      ),
    ]),
    doc.section('How to use it', {
      kind: 'code',
      text: `polytask predict ${folder} rows.csv --out predictions.csv\npolytask explain ${folder} rows.csv\npolytask serve ${folder}`,
    }),
    doc.section('Scores on the test rows', scoreBlocks(summary)),
    doc.section('How it was trained', [
      doc.list([
        `${counted(trial.parameters, 'parameter')}.`,
        ...rowsSentences(summary),
        ...measurement(trainingSummary({ ...report, trials: [trial] }), [trial]),
        comparedIn(report),
        ...searchSentences(report),
      ]),
      continuedBlocks(report),
    ]),
    doc.section(
      'Limits',
      doc.list([
        'The scores hold for rows like the test rows: a split of the same data. Other times and places may differ.',
        `It was trained on ${counted(tasks.length, 'task')} together. ` +
          'Nobody has looked for groups of rows that it treats worse: polytask explain --by shows what a group draws on.',
        'A value that is rare or absent in the training rows counts as unknown.',
      ]),
    ),
  );
}

const continuedBlocks = ({ continued, tasks }: TrainingReport): doc.Blocks =>
  continued &&
  [beforeAndAfter(continued, tasks), ...continued.comparisons.map(comparisonTable)].map((each) => doc.table(each));

export const comparisonTable = ({ model, other, tasks }: TestedComparison): doc.Table =>
  doc.textTable(
    ['task', 'metric', model, other, 'difference', 'interval', 'verdict'],
    Object.entries(tasks).map(([name, { metric, model: own, other: others, difference, low, high, verdict }]) => {
      const digits = digitsToShow(high - low, metricFormat(metric).digits);
      const show = (value: number) => formatNumber(value, digits);
      return [
        ...[name, metricTitle(metric), show(own), show(others)],
        ...[formatDifference({ difference, high: NaN }, digits), `${show(low)} to ${show(high)}`],
        VERDICTS[verdict],
      ];
    }),
  );

const LISTED = 10;

function searchTable({ tried }: AutoSearchResult, { config }: Summary): doc.Table {
  const { label, digits } = selectionMeasure(config.training.selection);
  return doc.textTable(
    ['model', 'configuration', 'epochs, at most', `${label}, validation rows`],
    tried
      .slice(0, LISTED)
      .map(({ values: { model, values }, epochs, score }) => [
        ...[model, Object.keys(values).length === 0 ? 'defaults' : formatValues({ ...values })],
        ...[String(epochs), score.toFixed(digits)],
      ]),
  );
}

export function beforeAndAfter({ compared, comparisons }: Continued, tasks: Tasks): doc.Table {
  const isAnew = comparisons.length > 1;
  return doc.textTable(
    ['rows', 'task', 'metric', 'before', 'after', ...(isAnew ? ['new model'] : [])],
    compared.flatMap(({ rows, size, scores }) =>
      Object.entries(scores).flatMap(([task, byMetric]) =>
        metricsOf(tasks[task]!).flatMap(({ name, digits }) => {
          if (byMetric[name] === undefined) return [];
          const { before, after, new: anew } = byMetric[name];
          const scored = [before, after, ...(isAnew ? [anew ?? NaN] : [])].map((value) => formatNumber(value, digits));
          return [[`${formatCount(size)} ${rows}`, task, metricTitle(name), ...scored]];
        }),
      ),
    ),
  );
}
