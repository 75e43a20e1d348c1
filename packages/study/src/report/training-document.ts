import { type Finding, sum } from '@polytask/components';
import { readOptions, checks, groupBy, predictionTypeOf, type Schema, type Tasks } from '@polytask/core';
import type { ModelAverage } from '../auto/average-models.ts';
import type { AutoSearchResult, TaskDifference, TestedComparison } from '../auto/run-auto.ts';
import { tablePictures } from './pictures/pictures.ts';
import { beatsConstant } from '../summary/score-table.ts';
import { formatValues } from '../summary/sensitivity.ts';
import { amount, metricFormat, metricTitle, selectionMeasure, metricsOf } from '../summary/metric-entries.ts';
import { mainColumns } from '../summary/comparisons.ts';
import { summarize } from '../summary/summarize.ts';
import type { Column, Summary } from '../summary/summary.ts';
import type { MeasuredCalibration, Calibration } from '../training/measured-calibration.ts';
import { calibrationSentences, calibrationTable, calibrationPlot } from './calibration-blocks.ts';
import type { TrialResult } from '../results/trial-result.ts';
import * as doc from './blocks.ts';
import { fusionBlocks } from './comparison-document.ts';
import { treesSentences } from './comparison-sentences.ts';
import { columnDigits } from './differences.ts';
import { constantNotes, ROW_INTERVALS, resultTable } from './result-table.ts';
import {
  counted,
  digitsToShow,
  formatBounds,
  formatCount,
  formatDifference,
  formatSpan,
  joined,
  present,
} from '../format.ts';
import { markWarnings } from './marked-warnings.ts';
import { measurement, measurementBlocks } from './measurement.ts';
import { rowsSentences } from '../suites/row-counts.ts';

/** A trained model in numbers: all that its report and its model card need. */
export interface TrainingReport {
  readonly name: string;
  readonly tasks: Tasks;
  /** The results on the test rows. The first one is that of the model, the others are those of other finalists. */
  readonly trials: readonly [TrialResult, ...TrialResult[]];
  /** Predictions and labels of the model on the test rows. */
  readonly calibration: Calibration;
  /** What calibrations, intervals and thresholds are worth on the test rows. The scores of the first trial are those with them. */
  readonly calibrated?: readonly MeasuredCalibration[] | undefined;
  /** The rows on which the model was calibrated after its scores were measured: `1,500 rows of later.csv`. */
  readonly recalibrated?: string | undefined;
  readonly notes: readonly Finding[];
  /** The search that chose the model. Undefined for a model that was named. */
  readonly search?: AutoSearchResult | undefined;
  /** Undefined without a search, or without a model with shared layers. */
  readonly sharing?: TestedComparison | undefined;
  /** The model against gradient boosting. Undefined if the model is boosting, boosting can't learn the tasks, or it is switched off. */
  readonly boosting?: TestedComparison | undefined;
  /** Undefined for a model that was new. */
  readonly continued?: Continued | undefined;
}

/** The model with its data, for the model card. */
export interface CardOptions {
  readonly schema: Schema;
  /** The folder of the model, for the commands. */
  readonly folder: string;
}

const CALIBRATED =
  'The scores of the model above and the pictures are those of the calibrated model. Other models are not calibrated.';

/**
 * The report of a trained model: its scores, calibration, learning curves and fusion weights. After a search it also says whether sharing
 * helped, and what was tried.
 */
export function trainingDocument(report: TrainingReport): doc.ReportDocument {
  const { tasks, trials, calibration, calibrated = [], search, sharing, boosting, continued } = report;
  const summary = trainingSummary(report);
  const [{ engine, seed }] = trials;
  const drawn = tablePictures(summary, trials);
  return doc.documentOf(
    titleOf(report),
    doc.text(trainingAnswer(report), 'answer'),
    doc.note(`Seed ${seed}, on ${engine}.`, ...rowsSentences(summary)),
    scoreBlocks(summary),
    doc.section('Before and after', doc.table(continued && beforeAndAfter(continued, tasks))),
    doc.section('Does sharing help?', doc.table(sharing && comparisonTable(sharing))),
    doc.section('Against gradient boosting', doc.table(boosting && comparisonTable(boosting))),
    search && doc.section('The search', [doc.list(searchSentences(search)), doc.table(searchTable(search, summary))]),
    doc.section('Calibration', [
      calibrated.length > 0 && [doc.table(calibrationTable(calibrated)), doc.note(CALIBRATED)],
      doc.pictures(calibrationPlot(tasks, calibration)),
    ]),
    doc.section('Learning curves', doc.pictures(drawn.curves)),
    doc.section(`Fusion weights, seed ${seed}`, fusionBlocks(trials.slice(0, 1), drawn.fusion)),
    doc.section('How it was measured', measurementBlocks(summary, trials), 'detail'),
  );
}

const titleOf = ({ name, trials: [{ model }] }: TrainingReport): string => `${name}: ${model}`;

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
  const tasks = Object.entries(schema.tasks);
  const features = Object.entries(schema.features);
  return doc.documentOf(
    titleOf(report),
    doc.text(trainingAnswer(report), 'answer'),
    doc.section('What it predicts', [
      doc.table(
        doc.textTable(
          ['task', 'prediction'],
          tasks.map(([name, task]) => [name, predictionTypeOf(task).description]),
        ),
      ),
      doc.text([`From ${counted(features.length, 'feature')}:`]),
      doc.table(
        doc.textTable(
          ['feature', 'kind'],
          features.map(([name, { kind }]) => [name, kind]),
        ),
      ),
    ]),
    doc.section('How to use it', {
      kind: 'code',
      text: `polytask predict ${folder} rows.csv --out predictions.csv\npolytask explain ${folder} rows.csv\npolytask serve ${folder}`,
    }),
    doc.section('Scores on the test rows', scoreBlocks(summary)),
    doc.section('How it was trained', [
      doc.list([
        `${counted(report.trials[0].parameters, 'parameter')}.`,
        ...rowsSentences(summary),
        ...measurement(summary, report.trials),
        ...(report.search ? searchSentences(report.search) : []),
      ]),
      doc.table(report.continued && beforeAndAfter(report.continued, report.tasks)),
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

const trainingSummary = ({ trials, notes }: TrainingReport): Summary =>
  summarize(trials, { order: trials.map(({ model }) => model), notes });

function scoreSentence(report: TrainingReport): string {
  const summary = trainingSummary(report);
  const { columns, models } = summary;
  const [kept] = models;
  const scores = mainColumns(columns).map(({ task, metric }) => {
    const { label } = metricFormat(metric);
    const digits = columnDigits(summary, { task, metric });
    const value = kept!.metrics[task]![metric]!.mean;
    const bounds = report.trials[0].rowIntervals[task]?.[metric as 'auc'] ?? NONE;
    return `${label} ${formatBounds(value, bounds, digits)} on ${task}${besideConstant(summary, { task, metric })}`;
  });
  return `On the test rows, ${kept!.model} has ${joined(scores)}.`;
}

/** A constant's score in brackets; nothing for an AUC above .5, whose constant everybody knows. */
function besideConstant(summary: Summary, column: Column): string {
  const constant = summary.constants[column.task]?.[column.metric];
  if (constant === undefined) return '';
  const text = constant.toFixed(columnDigits(summary, column));
  if (!beatsConstant(summary, summary.models[0]!, column)) return ` (no better than a constant, which has ${text})`;
  return column.metric === 'auc' ? '' : ` (a constant has ${text})`;
}

const NONE = { low: NaN, high: NaN };

/** What was chosen, its scores, and after a search how it compares with boosting and whether sharing helped, in a few sentences. */
export const trainingAnswer = (report: TrainingReport): string[] =>
  present([
    report.search && choiceSentence(report.search, report.trials[0].model),
    scoreSentence(report),
    ...(report.continued ? continuedSentences(report.continued) : []),
    ...calibrationSentences(report.calibrated ?? []),
    report.recalibrated !== undefined &&
      `The model was calibrated anew on ${report.recalibrated}. Its scores here were measured before that.`,
    ...(report.boosting ? boostingSentences(report.boosting, trainingSummary(report)) : []),
    ...(report.sharing ? sharingSentences(report.sharing) : []),
    report.search &&
      !report.sharing &&
      'Whether sharing helps is open: no model with shared layers was trained in time. Take more --minutes.',
  ]);

/** Whether shared layers helped, and how surely, in a few sentences. */
export function sharingSentences(comparison: TestedComparison): string[] {
  const { better, worse, methods } = verdictsOf(comparison);
  const verdict =
    better.length > 0
      ? worse.length > 0
        ? 'Among the networks, sharing helped some tasks and harmed others'
        : 'Among the networks, sharing helped'
      : worse.length > 0
        ? 'Among the networks, sharing harmed'
        : 'Among the networks, sharing made no difference that the test rows can show';
  return [
    `${verdict} (${formatCount(comparison.rows)} test rows, intervals that hold for all tasks together, ${methods}).`,
    ...differenceSentences(comparison),
    'Each was trained once: another seed may give another difference.',
  ];
}

/** The model beside gradient boosting, in the words of a comparison. */
function boostingSentences({ model, other, tasks }: TestedComparison, summary: Summary): string[] {
  const columns = Object.entries(tasks).map(([task, { metric, model: score, other: treesScore, verdict }]) => ({
    ...{ task, metric, score, treesScore, verdict },
  }));
  return treesSentences({ model, trees: other, columns }, summary);
}

function verdictsOf({ tasks }: TestedComparison) {
  const entries = Object.entries(tasks);
  const those = (verdict: TaskDifference['verdict']) => entries.filter(([, task]) => task.verdict === verdict);
  const methods = [...new Set(entries.map(([, { method }]) => method))].join(' and ');
  return { better: those('better'), worse: those('worse'), even: those('no difference'), methods };
}

/** The tasks on which one of the models is better, by how much, and the others. */
function differenceSentences(comparison: TestedComparison): string[] {
  const { model, other } = comparison;
  const { better, worse, even } = verdictsOf(comparison);
  const amounts = (list: typeof better) =>
    joined(
      list.map(
        ([name, { difference, metric }]) =>
          `${amount(Math.abs(difference), metric)} ${metricFormat(metric).label} on ${name}`,
      ),
    );
  const others = joined(even.map(([name]) => name));
  return present([
    better.length > 0 && `${model} is better than ${other} by ${amounts(better)}, beyond chance.`,
    worse.length > 0 && `${model} is worse than ${other} by ${amounts(worse)}, beyond chance.`,
    even.length > 0 && better.length + worse.length > 0 && `On ${others}, neither is better beyond chance.`,
  ]);
}

const comparisonTable = ({ model, other, tasks }: TestedComparison): doc.Table =>
  doc.textTable(
    ['task', 'metric', model, other, 'difference', 'interval', 'verdict'],
    Object.entries(tasks).map(([name, { metric, model: own, other: others, difference, low, high, verdict }]) => {
      const digits = digitsToShow(high - low, metricFormat(metric).digits);
      const show = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits));
      return [
        ...[name, metricTitle(metric), show(own), show(others)],
        ...[formatDifference({ difference, high: NaN }, digits), `${show(low)} to ${show(high)}`, verdict],
      ];
    }),
  );

/** How many of the tried configurations a report lists. */
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

const choiceSentence = ({ average }: AutoSearchResult, model: string): string =>
  average
    ? `Chosen: a mean of ${counted(average.members.length, 'model')}, task by task: ${membersByTask(average.members).join('; ')}.`
    : `Chosen: ${model}.`;

const AVERAGE_DIGITS = 4;

/** `income of gradient-boosting and 3 × adatt`, for each task. Tasks with the same members are named together. */
function membersByTask(members: ModelAverage['members']): string[] {
  const tasks = Object.keys(members[0]!.weights);
  const textOf = (task: string) => {
    const weightOf = ({ weights: { [task]: weight = 0 } }: ModelAverage['members'][number]) => weight;
    const total = sum(members.map(weightOf));
    const shareOf = (weight: number) => (weight === total ? '' : `${Math.round((100 * weight) / total)}% `);
    return joined(members.filter(weightOf).map((member) => `${shareOf(weightOf(member))}${member.model}`));
  };
  return [...groupBy(tasks, textOf)].map(([text, names]) => `${joined(names)} of ${text}`);
}

/** How long a search took, and how many configurations of which models it tried. */
export function searchSentences({ tried, seconds, minutes, method, average }: AutoSearchResult): string[] {
  const byModel = groupBy(tried, ({ values }) => values.model);
  const models = [...byModel].map(([model, own]) => `${model} ${formatCount(own.length)}`);
  return present([
    `The search had ${counted(minutes, 'minute')} and took ${formatSpan(seconds)} of them; the rest was for the finalists.`,
    `It scored ${counted(tried.length, 'configuration')}${method === undefined ? '' : ` by ${method}`} on the validation rows: ${joined(models)}.`,
    average &&
      `There the mean scores ${average.score.toFixed(AVERAGE_DIGITS)}, the best single model ${average.single.toFixed(AVERAGE_DIGITS)}.`,
    'The test rows were read once, after all choices.',
  ]);
}

/** The scores of the same rows before and after a training. */
export interface ComparedRows {
  /** Which rows, such as `test rows of people.json`. */
  readonly rows: string;
  readonly size: number;
  /** By task and metric. */
  readonly scores: Readonly<
    Record<string, Readonly<Record<string, { readonly before: number; readonly after: number }>>>
  >;
}

/** How many rows of a file have the features of rows that a model was trained on. They are left out of what is measured. */
export interface SeenCount {
  /** Which rows, such as `rows of people.csv`. */
  readonly rows: string;
  /** The number of rows with those that are left out. */
  readonly of: number;
  /** null if it is unknown, because most rows have the features of other rows. Then no row is left out. */
  readonly seen: number | null;
}

/** Says how many rows are left out; nothing if there are none. */
export const leftOutSentences = (leftOut: readonly SeenCount[]): string[] =>
  leftOut.flatMap(({ rows, of, seen }) => {
    if (seen === 0) return [];
    return seen === null
      ? `It is unknown whether the model was trained on ${rows}: most rows have the features of other rows.`
      : `${formatCount(seen)} of ${formatCount(of)} ${rows} have the features of rows that the model was trained on, and are left out.`;
  });

/** What a training that continued that of a model did. */
export interface Continued {
  /** The folder of that model. */
  readonly from: string;
  /** How many rows its embedding table got for further values. */
  readonly ids: number;
  /** The names of further tasks. */
  readonly tasks: readonly string[];
  /** The new test rows, and old ones if some were given. */
  readonly compared: readonly ComparedRows[];
  /** The rows that the model was trained on before. Empty if its folder doesn't say which rows they were. */
  readonly leftOut: readonly SeenCount[];
}

/** Which model the training continued, and what was added to it. */
const continuedSentences = ({ from, ids, tasks, compared, leftOut }: Continued): string[] =>
  present([
    `It continues the training of ${from}${ids > 0 ? `, with ${counted(ids, 'new value')} of ids and categories` : ''}` +
      `${tasks.length > 0 ? `, with ${tasks.length === 1 ? 'the new task' : 'the new tasks'} ${joined(tasks)}` : ''}.`,
    compared.length < 2 && 'Whether it got worse on old rows is unknown: pass --old-data.',
    ...leftOutSentences(leftOut),
  ]);

export const beforeAndAfter = ({ compared }: Continued, tasks: Tasks): doc.Table =>
  doc.textTable(
    ['rows', 'task', 'metric', 'before', 'after'],
    compared.flatMap(({ rows, size, scores }) =>
      Object.entries(scores).flatMap(([task, byMetric]) =>
        metricsOf(tasks[task]!).flatMap(({ name, digits }) => {
          if (byMetric[name] === undefined) return [];
          const { before, after } = byMetric[name];
          const [was, is] = [before, after].map((value) => (Number.isFinite(value) ? value.toFixed(digits) : '–'));
          return [[`${formatCount(size)} ${rows}`, task, metricTitle(name), was!, is!]];
        }),
      ),
    ),
  );
