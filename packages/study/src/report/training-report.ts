import type { Tasks } from '@polytask/core';
import type { ModelAverage } from '../auto/average-models.ts';
import type { AutoSearchResult } from '../auto/run-auto.ts';
import type { SharingComparison, TaskDifference } from '../auto/sharing.ts';
import type { DataNote } from '../guards/guards.ts';
import { BASELINE } from '../models/models.ts';
import { beatsConstant } from '../summary/constants.ts';
import { formatValues } from '../summary/sensitivity.ts';
import { metricFormat, metricTitle, selectionMeasure } from '../summary/metric-rows.ts';
import { mainColumns } from '../summary/overall-gain.ts';
import { summarize } from '../summary/summarize.ts';
import type { Column, Summary } from '../summary/summary.ts';
import type { Calibration } from '../training/calibration.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { counted, digitsToShow, formatBounds, formatCount, formatDifference, formatSpan, joined } from './format.ts';
import type { TextTable } from './plain-text.ts';
import { amount } from './verdict.ts';

/** A trained model in numbers: all that its report and its model card need. */
export interface TrainingReport {
  /** The name of the data set. */
  readonly name: string;
  readonly tasks: Tasks;
  /** The results on the test rows. The first one is that of the model, the others are those of other finalists. */
  readonly trials: readonly [TrialResult, ...TrialResult[]];
  /** Predictions and labels of the model on the test rows. */
  readonly calibration: Calibration;
  /** Warnings about the data. */
  readonly notes: readonly DataNote[];
  /** The search that chose the model. Undefined for a model that was named. */
  readonly search?: AutoSearchResult | undefined;
  /** Undefined without a search, or without a model with shared layers. */
  readonly sharing?: SharingComparison | undefined;
}

/** The table of the trials. */
export const trainingSummary = ({ trials, notes }: TrainingReport): Summary =>
  summarize(trials, { baseline: BASELINE, order: trials.map(({ model }) => model), notes });

/** What the model scores on the test rows, in a sentence. */
function scoreSentence(report: TrainingReport): string {
  const summary = trainingSummary(report);
  const { columns, models } = summary;
  const [kept] = models;
  const scores = mainColumns(columns).map(({ task, metric }) => {
    const { label, digits } = metricFormat(metric);
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
  const text = constant.toFixed(metricFormat(column.metric).digits);
  if (!beatsConstant(summary, summary.models[0]!, column)) return ` (no better than a constant, which has ${text})`;
  return column.metric === 'auc' ? '' : ` (a constant has ${text})`;
}

const NONE = { low: NaN, high: NaN };

/** The scores, and after a search whether sharing helped, in a few sentences. */
export const trainingAnswer = (report: TrainingReport): string[] => [
  scoreSentence(report),
  ...(report.sharing ? sharingSentences(report.sharing) : []),
  ...(report.search && !report.sharing
    ? ['Whether sharing helps is open: no model with shared layers was trained in time. Take more --minutes.']
    : []),
];

/** Whether shared layers helped, and how surely, in a few sentences. */
export function sharingSentences({ sharing, separate, tasks, rows }: SharingComparison): string[] {
  const entries = Object.entries(tasks);
  const those = (verdict: TaskDifference['verdict']) => entries.filter(([, task]) => task.verdict === verdict);
  const [better, worse, even] = [those('better'), those('worse'), those('no difference')];
  const amounts = (list: typeof entries) =>
    joined(
      list.map(
        ([name, { difference, metric }]) =>
          `${amount(Math.abs(difference), metric)} ${metricFormat(metric).label} on ${name}`,
      ),
    );
  const names = (list: typeof entries) => joined(list.map(([name]) => name));
  const verdict =
    better.length > 0
      ? worse.length > 0
        ? 'Sharing helped some tasks and harmed others'
        : 'Sharing helped'
      : worse.length > 0
        ? 'Sharing harmed'
        : 'Sharing made no difference that the test rows can show';
  const methods = [...new Set(entries.map(([, { method }]) => method))].join(' and ');
  return [
    `${verdict} (${formatCount(rows)} test rows, intervals that hold for all tasks together, ${methods}).`,
    ...(better.length > 0 ? [`${sharing} is better than ${separate} by ${amounts(better)}, beyond chance.`] : []),
    ...(worse.length > 0 ? [`${sharing} is worse than ${separate} by ${amounts(worse)}, beyond chance.`] : []),
    ...(even.length > 0 && even.length < entries.length ? [`On ${names(even)}, neither is better beyond chance.`] : []),
    'Each was trained once: another seed may give another difference.',
  ];
}

/** The differences between the model with shared layers and the separate networks. */
export const sharingTable = ({ sharing, separate, tasks }: SharingComparison): TextTable => ({
  head: ['task', 'metric', sharing, separate, 'difference', 'interval', 'verdict'],
  rows: Object.entries(tasks).map(
    ([name, { metric, sharing: shared, separate: own, difference, low, high, verdict }]) => {
      const digits = digitsToShow(high - low, metricFormat(metric).digits);
      const show = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits));
      return [
        ...[name, metricTitle(metric), show(shared), show(own)],
        ...[formatDifference({ difference, high: NaN }, digits), `${show(low)} to ${show(high)}`, verdict],
      ];
    },
  ),
});

/** How many of the tried configurations a report lists. */
const LISTED = 10;

/** The best configurations of a search. */
export function searchTable({ tried }: AutoSearchResult, { config }: Summary): TextTable {
  const { label, digits } = selectionMeasure(config.training.selection);
  return {
    head: ['model', 'configuration', 'epochs, at most', `${label}, validation rows`],
    rows: tried
      .slice(0, LISTED)
      .map(({ values: { model, values }, epochs, score }) => [
        ...[model, Object.keys(values).length === 0 ? 'defaults' : formatValues({ ...values })],
        ...[String(epochs), score.toFixed(digits)],
      ]),
  };
}

/** What the model is the mean of, and why. */
const averageSentence = ({ members, score, single }: ModelAverage): string =>
  `The model is the mean of ${counted(members.length, 'model')}: ` +
  `${joined(members.map(({ model, weight }) => (weight > 1 ? `${model} (counts ${weight} times)` : model)))}. ` +
  `On the validation rows it scores ${score.toFixed(AVERAGE_DIGITS)}, the best single model ${single.toFixed(AVERAGE_DIGITS)}.`;

const AVERAGE_DIGITS = 4;

/** How long a search took, and how many configurations of which models it tried. */
export function searchSentences({ tried, seconds, minutes, average }: AutoSearchResult): string[] {
  const counts = new Map<string, number>();
  for (const { values } of tried) counts.set(values.model, (counts.get(values.model) ?? 0) + 1);
  const models = [...counts].map(([model, count]) => `${model} ${formatCount(count)}`);
  return [
    `The search had ${counted(minutes, 'minute')} and took ${formatSpan(seconds)} of them; the rest was for the finalists.`,
    `It scored ${counted(tried.length, 'configuration')} on the validation rows: ${joined(models)}.`,
    ...(average ? [averageSentence(average)] : []),
    'The test rows were read once, after all choices.',
  ];
}
