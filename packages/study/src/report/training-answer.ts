import { defineFinding, type Finding, mapValues, sum } from '@polytask/components';
import { groupBy, type Tasks } from '@polytask/core';
import { isBetter } from '@polytask/metrics';
import type { ModelAverage } from '../auto/average-models.ts';
import type { AutoSearchResult, TaskDifference, TestedComparison } from '../auto/run-auto.ts';
import { BOOSTING } from '../models/models.ts';
import { scoresBeside } from '../summary/comparison-kinds.ts';
import { beatsConstant } from '../summary/score-table.ts';
import { randomSplitFindings } from '../summary/table-findings.ts';
import { amount, metricFormat, selectionMeasure } from '../summary/metric-entries.ts';
import { mainColumns } from '../summary/comparisons.ts';
import { formatValues } from '../summary/sensitivity.ts';
import { summarize } from '../summary/summarize.ts';
import type { Column, Summary } from '../summary/summary.ts';
import type { TaskEvaluation } from '../evaluation/evaluate-predictions.ts';
import type { MeasuredCalibration } from '../training/measured-calibration.ts';
import { trainingOf, type TrialResult } from '../results/trial-result.ts';
import { capitalized, counted, formatBounds, formatCount, formatSpan, joined, present } from '../format.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import { calibrationSentences } from './calibration-blocks.ts';
import type { RetrainedComparisons } from '../auto/deployment.ts';
import { columnDigits } from '../summary/difference-rows.ts';

/** A trained model in numbers: all that its report and its model card need. */
export interface TrainingReport {
  readonly name: string;
  readonly tasks: Tasks;
  /** The results on the test rows. The first one is that of the model, the others are those of other finalists. */
  readonly trials: readonly [TrialResult, ...TrialResult[]];
  /** The model on the test rows: calibration, decisions and errors. */
  readonly tested: readonly TaskEvaluation[];
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
  /** The model against the saved model that it was distilled from. Undefined without one. */
  readonly teacher?: TestedComparison | undefined;
  /** Undefined for a model that was new. */
  readonly continued?: Continued | undefined;
}

/** The scores of the same rows before and after a training, and those of a new model. */
export interface ComparedRows {
  /** Which rows, such as `test rows of people.json`. */
  readonly rows: string;
  readonly size: number;
  /** By task and metric. */
  readonly scores: Readonly<
    Record<string, Readonly<Record<string, { readonly before: number; readonly after: number; readonly new?: number }>>>
  >;
}

/** How many rows of a file have the features of rows that a model was trained on. They are left out of what is measured. */
export interface SeenCount {
  /** Which rows, such as `rows of people.csv`. */
  readonly rows: string;
  /** The number of rows with those that are left out. */
  readonly of: number;
  /** null if it is unknown, because most rows have the features of other rows, and the file isn't that of the training. Then no row is left out. */
  readonly seen: number | null;
  /** Whether the validation rows of the training count as seen, too. */
  readonly withValidation: boolean;
  /** The folder of the model that was trained on them. Default: the one that the report is of. */
  readonly model?: string;
}

/** Says how many rows are left out; nothing if there are none. */
export const leftOutSentences = (leftOut: readonly SeenCount[]): string[] =>
  leftOut.flatMap(({ rows, of, seen, withValidation, model = 'the model' }) => {
    if (seen === 0) return [];
    const used = withValidation ? 'trained or validated' : 'trained';
    const [have, are] = seen === 1 ? ['has', 'is'] : ['have', 'are'];
    return seen === null
      ? `It is unknown whether ${model} was ${used} on ${rows}: most rows have the features of other rows.`
      : `${formatCount(seen)} of ${formatCount(of)} ${rows} ${have} the features of rows that ${model} was ${used} on, and ${are} left out.`;
  });

/** What a training that continued that of a model did. */
export interface Continued {
  /** The folder of that model. */
  readonly from: string;
  /** How many rows its embedding table got for further values. */
  readonly ids: number;
  /** The names of further tasks. */
  readonly tasks: readonly string[];
  /** The options that would calibrate it as the model of before was. */
  readonly uncalibrated: readonly string[];
  /** The new test rows, and old ones if some were given. */
  readonly compared: readonly ComparedRows[];
  /** The models on the new test rows, in pairs. */
  readonly comparisons: RetrainedComparisons;
  /** Which model to deploy. */
  readonly deploy: Finding;
  /** The rows that the model was trained on before. Empty if its folder doesn't say which rows they were. */
  readonly leftOut: readonly SeenCount[];
}

/** Which model the training continued, and what was added to it. */
const continuedSentences = (continued: Continued): string[] => {
  const { from, ids, tasks, uncalibrated, compared, comparisons, deploy, leftOut } = continued;
  return present([
    `It continues the training of ${from}${ids > 0 ? `, with ${counted(ids, 'new value')} of ids and categories` : ''}` +
      `${tasks.length > 0 ? `, with ${tasks.length === 1 ? 'the new task' : 'the new tasks'} ${joined(tasks)}` : ''}.`,
    uncalibrated.length > 0 &&
      `It isn't calibrated as that model was: pass ${joined(uncalibrated.map((name) => `--${name}`))} to calibrate it on the new validation rows.`,
    `These models are compared on ${formatCount(comparisons[0].rows)} test rows: intervals hold for all tasks together.`,
    ...comparisons.flatMap(differenceSentences).map(capitalized),
    deploy.message,
    compared.length < 2 && 'Whether it got worse on old rows is unknown: pass --old-data.',
    ...leftOutSentences(leftOut),
  ]);
};

export const trainingSummary = ({ trials, notes }: TrainingReport): Summary =>
  summarize(trials, { order: trials.map(({ model }) => model), notes });

function scoreSentence({ model, metrics, rowIntervals }: TrialResult, summary: Summary): string {
  const scores = mainColumns(summary.columns).map(({ task, metric }) => {
    const { label } = metricFormat(metric);
    const digits = columnDigits(summary, { task, metric });
    const [value, bounds] = [metrics[task]![metric]!, rowIntervals[task]?.[metric] ?? NONE];
    return `${label} ${formatBounds(value, bounds, digits)} on ${task}${besideConstant(summary, { task, metric })}`;
  });
  return `On the test rows, ${model} has ${joined(scores)}.`;
}

/** A constant's score in brackets; nothing for an AUC above .5, whose constant everybody knows. */
function besideConstant(summary: Summary, column: Column): string {
  const constant = summary.constants[column.task]?.[column.metric];
  if (constant === undefined) return '';
  const text = constant.toFixed(columnDigits(summary, column));
  if (!beatsConstant(summary, summary.models[0]!, column))
    return ` (no better than a constant prediction, which has ${text})`;
  return column.metric === 'auc' ? '' : ` (a constant prediction has ${text})`;
}

const NONE = { low: NaN, high: NaN };

/** The score of a constant prediction by a metric of ranks. By others it depends on the rows too, so intervals of scores don't compare. */
const TIED = 0.5;
const OF_RANKS = ['auc', 'c-index'];

/** Of a score that is no better than chance, whether the rows would show this lead. */
const LEAD = 0.1;

/**
 * The tasks whose rows the model doesn't rank significantly better than chance, and how many test rows would show its lead, or a lead of
 * .1 if it has none: the width of an interval falls with the square root of the rows.
 */
function fewRowsSentences(trial: TrialResult, { columns }: Summary): string[] {
  const { test } = rowCountsOf(trial.config.data);
  return mainColumns(columns).flatMap(({ task, metric }) => {
    const value = trial.metrics[task]![metric]!;
    const { low, high } = trial.rowIntervals[task]?.[metric] ?? NONE;
    const half = (high - low) / 2;
    const isLeading = value > TIED;
    if (test === undefined || !OF_RANKS.includes(metric)) return [];
    if (!(isLeading ? low <= TIED : high > TIED && half > LEAD)) return [];
    const enough = Number((test * (half / (isLeading ? value - TIED : LEAD)) ** 2).toPrecision(2));
    return [
      `${formatCount(test)} test rows are too few to tell the ${metricFormat(metric).label} of ${trial.model} on ${task} from ${TIED}: ` +
        `a lead of ${isLeading ? 'this size' : LEAD} takes about ${formatCount(Math.max(enough, test + 1))}.`,
    ];
  });
}

/** How the model compares with its teacher and with boosting, what a random split would have promised, and whether sharing helped. */
export function trainingFindings(report: TrainingReport): Finding[] {
  const summary = trainingSummary(report);
  const compared = ({ model, other, tasks }: TestedComparison) => {
    const constantOf = (task: string, metric: string) => summary.constants[task]?.[metric];
    const beside = mapValues(tasks, (each, task) => ({ ...each, constant: constantOf(task, each.metric) }));
    return scoresBeside({ model }, { other, tasks: beside, namesModel: false });
  };
  return [
    ...present([report.teacher, report.boosting]).map(compared),
    ...randomSplitFindings(summary, report.trials),
    ...present([report.sharing]).map(({ model, ...comparison }) => sharing({ model }, comparison)),
  ];
}

const sharing = /* @__PURE__ */ defineFinding<'model', Omit<TestedComparison, 'model'>>('sharing', {
  severity: 'note',
  says: ({ model = '', other, rows, tasks }) => sharingSentences({ model, other, rows, tasks }).join(' '),
});

/** What was chosen, its scores, and after a search how it compares with boosting and whether sharing helped, in a few sentences. */
export function trainingAnswer(report: TrainingReport): string[] {
  const { search, recalibrated } = report;
  const summary = trainingSummary(report);
  const [trial] = report.trials;
  return present([
    search && choiceSentence(search, trial.model),
    scoreSentence(trial, summary),
    ...fewRowsSentences(trial, summary),
    ...(report.continued ? continuedSentences(report.continued) : []),
    ...calibrationSentences(report.calibrated ?? []),
    recalibrated !== undefined &&
      `The model was calibrated anew on ${recalibrated}. Its scores here were measured before that.`,
    distilledSentence(report),
    ...trainingFindings(report).map(({ message }) => message),
    search &&
      !report.sharing &&
      Object.keys(report.tasks).length > 1 &&
      'Whether sharing helps is open: no model with shared layers was trained in time. Take more --minutes.',
  ]);
}

export function sharingSentences(comparison: TestedComparison): string[] {
  const { better, worse } = verdictsOf(comparison);
  const without = worse.length > 0 ? 'harmed' : 'made no difference that the test rows can show';
  const verdict = better.length > 0 ? `helped${worse.length > 0 ? ' some tasks and harmed others' : ''}` : without;
  return [
    `Among the networks, sharing ${verdict} (${formatCount(comparison.rows)} test rows, intervals that hold for all tasks together).`,
    ...differenceSentences(comparison),
    'Each was trained once: another seed may give another difference.',
  ];
}

/** From which model the labels come in part. */
function distilledSentence({ trials: [trial], teacher }: TrainingReport): string | undefined {
  const { model, parts, config, warnings } = trial;
  const { teacher: share = 0 } = trainingOf(config);
  const isUnused = warnings.some(({ kind }) => kind === 'unused-teacher'); // which says so
  if (share === 0 || parts.network === BOOSTING.name || isUnused) return undefined;
  return `${model} was distilled from ${teacher?.other ?? BOOSTING.name}, with a share of ${share} in the training labels.`;
}

function verdictsOf({ tasks }: TestedComparison) {
  const entries = Object.entries(tasks);
  const those = (verdict: TaskDifference['verdict']) => entries.filter(([, task]) => task.verdict === verdict);
  return { better: those('better'), worse: those('worse'), even: those('no difference') };
}

export function differenceSentences(comparison: TestedComparison): string[] {
  const { model, other } = comparison;
  const { better, worse, even } = verdictsOf(comparison);
  const amounts = (list: typeof better) =>
    joined(
      list.map(
        ([name, { difference, metric }]) =>
          `${amount(Math.abs(difference), metric)} ${metricFormat(metric).label} on ${name}`,
      ),
    );
  return present([
    better.length > 0 && `${model} is significantly better than ${other}, by ${amounts(better)}.`,
    worse.length > 0 && `${model} is significantly worse than ${other}, by ${amounts(worse)}.`,
    even.length > 0 &&
      better.length + worse.length > 0 &&
      `On ${joined(even.map(([name]) => name))}, the difference could be chance.`,
  ]);
}

const choiceSentence = ({ average }: AutoSearchResult, model: string): string =>
  average?.isChosen
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

/** How long a search took, and how many configurations of which models it tried; nothing without a search. */
export function searchSentences({ search, trials: [{ config }] }: Pick<TrainingReport, 'search' | 'trials'>): string[] {
  if (!search) return [];
  const { tried, seconds, minutes, method, average } = search;
  const valuesOf = (values: object = {}) => formatValues({ ...values }) || 'the defaults';
  const byModel = groupBy(tried, ({ values }) => values.model);
  const models = [...byModel].map(([model, own]) => `${model} ${formatCount(own.length)}`);
  return present([
    `The search had ${counted(minutes, 'minute')} and took ${formatSpan(seconds)} of them; the rest was for the finalists.`,
    `It scored ${counted(tried.length, 'configuration')}${method === undefined ? '' : ` by ${method}`} on the validation rows: ${joined(models)}.`,
    average?.isChosen
      ? `Members: ${average.members.map(({ model, values }) => `${model} with ${valuesOf(values)}`).join('; ')}.`
      : `Chosen hyper-parameters: ${valuesOf(config.model.chosen)}.`,
    average && averageSentence(average, selectionMeasure(trainingOf(config).selection)),
    'The test rows were read once, after all choices.',
  ]);
}

function averageSentence(
  { members, score, single, standardError, isChosen }: ModelAverage,
  { label: measure, direction }: ReturnType<typeof selectionMeasure>,
): string {
  const [mean, best, error] = [score, single, standardError].map((value) => (value ?? NaN).toFixed(AVERAGE_DIGITS));
  const scores = `There the mean of ${counted(members.length, 'model')} has ${measure} ${mean}, the best single model ${best}`;
  if (isChosen) return `${scores}: better by more than the standard error of the difference, ${error}.`;
  const isWorse = isBetter(direction, single, score);
  const why = isWorse
    ? 'the mean is worse'
    : `the mean is not better by more than the standard error of the difference, ${error}`;
  return `${scores}: ${Number.isFinite(standardError) ? why : 'the rows are too few to tell'}, so the single model was chosen.`;
}
