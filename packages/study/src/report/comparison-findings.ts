import { mean } from '@polytask/components';
import { studentTQuantile } from '@polytask/metrics';
import type { TaskDifference, TestedComparison } from '../auto/run-auto.ts';
import { TEACHER } from '../external/external-trials.ts';
import { BOOSTING } from '../models/models.ts';
import { resampling } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { corrected, isAmong, LEAST_SEEDS, LEVEL, mainColumns, scoresAgainst } from '../summary/comparisons.ts';
import { metricFormat } from '../summary/metric-entries.ts';
import { beatsConstant } from '../summary/score-table.ts';
import type { Column, Summary } from '../summary/summary.ts';
import { differenceRows } from './differences.ts';
import type { Standing } from './leaderboard.ts';

/** What a comparison shows, kind by kind: the numbers that a sentence needs, and that make it true. */
interface Evidence {
  /** One model was run: there is nothing to compare it with. */
  readonly alone: { readonly model: string };
  /** The baseline wasn't run. */
  readonly 'no baseline': { readonly baseline: string };
  /** The models can't be ranked: no task has a score in every trial, or no model is better than a constant on one that has. */
  readonly unranked: { readonly useless: readonly string[] };
  /** The model to take. */
  readonly take: {
    readonly model: string;
    /** Whether there are seeds enough to decide anything. */
    readonly decided: boolean;
    /** The model that ranks first. */
    readonly first: string;
    /** The models that `first` and the baseline aren't better than, without `model` itself, the best one first. */
    readonly alike: readonly string[];
    /** Whether all of `alike` have more parameters, as far as these are known. */
    readonly smallest: boolean;
    readonly worse: readonly { readonly model: string; readonly than: string }[];
    /** The mean gain over the baseline, if it is significant. */
    readonly gain: number | undefined;
    /** The tasks on which the baseline is better. */
    readonly loses: readonly string[];
    /** The further metrics of tasks in which the baseline is better. */
    readonly losesIn: readonly Column[];
  };
  /** The model to take beside a saved teacher, or beside gradient boosting, task by task. */
  readonly beside: ComparedScores;
  /** How many seeds would separate the model to take from the closest other one, if their difference is the one seen. */
  readonly needed: Apart & { readonly seeds: number };
  /** Two models whose difference would take more seeds than anybody runs. Only where there are seeds enough to know. */
  readonly equal: Apart & { readonly seeds: number };
  /** The smallest difference that this many seeds show, and by how much another sample of test rows could move a score. */
  readonly limit: Limit;
  /** The model with the largest significant lead over the baseline on a task. */
  readonly better: Column & { readonly model: string; readonly by: number; readonly beatsAll: boolean };
  /** A model that is significantly worse than the baseline on a task. */
  readonly worse: Column & { readonly model: string };
  /** A task on which each model is worse than the baseline. */
  readonly 'all worse': Column;
  /** A task on which no model is better than the baseline. */
  readonly even: Column & { readonly someWorse: boolean };
  /** A task that couldn't be tested, although there are seeds enough. */
  readonly untested: Column;
  /** Without the baseline: a model that is better than each other one on a task. */
  readonly winner: Column & { readonly model: string };
  /** A task on which no model is better than a constant prediction. */
  readonly constant: Column & { readonly value: number };
  /** The result of gradient boosting for rows that aren't split at random, with what a random split would have promised. */
  readonly 'random split': TrialResult;
  /** A model that was still improving at the last epoch. */
  readonly unfinished: { readonly model: string };
}

/** Two models, and how far apart they are on a task. */
interface Apart extends Column {
  readonly models: readonly [string, string];
  readonly difference: number;
}

/** The scores of two models in the main metrics of tasks, and whether the first one is better. */
export interface ComparedScores extends Pick<TestedComparison, 'model' | 'other'> {
  readonly tasks: Readonly<Record<string, Pick<TaskDifference, 'metric' | 'model' | 'other' | 'verdict'>>>;
}

/** A finding of one kind. */
export type ComparisonFinding<K extends keyof Evidence = keyof Evidence> = {
  readonly [Each in K]: { readonly kind: Each; readonly evidence: Evidence[Each] };
}[K];

const finding = <K extends keyof Evidence>(kind: K, evidence: Evidence[K]) =>
  ({ kind, evidence }) as ComparisonFinding<K>;

/** More seeds than this are no advice. */
export const MOST_SEEDS = 200;
/** A difference below this is that of sums in another order. */
const ROUNDING = 1e-9;
/** A model is smaller than another if it has at most this share of its parameters. */
const SMALLER = 0.95;

/**
 * What a comparison shows: which model to take and why, what would decide the rest, what couldn't be seen, and who is better than the
 * baseline on which task.
 *
 * @param trials the trials of the summary
 * @param standings as `standingsOf` gives them
 */
export function comparisonFindings(
  summary: Summary,
  trials: readonly TrialResult[],
  standings: readonly Standing[],
): ComparisonFinding[] {
  const { models } = summary;
  return [
    ...(models.length === 1
      ? [finding('alone', { model: models[0]!.model })]
      : [...adviceOf(summary, trials, standings), ...taskFindings(summary)]),
    ...trials.filter(({ randomSplit }) => randomSplit).map((trial) => finding('random split', trial)),
  ];
}

function adviceOf(
  summary: Summary,
  trials: readonly TrialResult[],
  standings: readonly Standing[],
): ComparisonFinding[] {
  if (standings.some(({ rank }) => Number.isNaN(rank)))
    return [finding('unranked', { useless: uselessOf(summary).map(({ task }) => task) })];
  const { seeds } = summary;
  const limits = limitsOf(summary, trials);
  const [first] = standings as [Standing];
  const open = standings.filter(({ beatenBy }) => beatenBy.length === 0);
  const near = open.filter((each) => each === first || isNear(each, first, limits));
  const take = smallestOf(near.length > 0 ? near : [open[0] ?? first]);
  const alike = open.filter((each) => each !== take);
  const { model, gain } = take.summary;
  const [main, lost] = [mainColumns(summary.columns), lossesOf(model, summary)];
  return [
    finding('take', {
      model,
      decided: seeds.length >= LEAST_SEEDS,
      first: first.summary.model,
      alike: alike.map((each) => each.summary.model),
      smallest: alike.every((each) => sizeOf(each) > sizeOf(take)),
      worse: standings.flatMap(({ summary: { model }, beatenBy: [than] }) => (than ? [{ model, than }] : [])),
      gain: gain?.verdict === 'better' ? gain.mean.mean : undefined,
      loses: lost.filter((column) => isAmong(column, main)).map(({ task }) => task),
      losesIn: lost.filter((column) => !isAmong(column, main)),
    }),
    ...[TEACHER, BOOSTING.name].flatMap((name) => beside(name, take, standings, summary)),
    ...(alike.length === 0 ? [] : neededFor(take, alike[0]!, summary)),
    ...limits.filter(({ shown, sampled }) => shown > ROUNDING || sampled > 0).map((limit) => finding('limit', limit)),
  ];
}

function beside(
  name: string,
  take: Standing,
  standings: readonly Standing[],
  { baseline, columns }: Summary,
): ComparisonFinding[] {
  const other = standings.find(({ summary: { model } }) => model === name);
  if (!other || other === take || baseline === name) return [];
  const compared = mainColumns(columns).flatMap((column) => {
    const test = scoresAgainst(column, take.trials, other.trials);
    return test && Number.isFinite(test.mean) ? [{ ...test, ...column }] : [];
  });
  if (compared.length === 0) return [];
  const scoreOf = (each: Standing, { task, metric }: Column) => each.summary.metrics[task]![metric]!.mean;
  const tasks = corrected(compared).map(({ verdict, ...column }) => [
    column.task,
    { metric: column.metric, model: scoreOf(take, column), other: scoreOf(other, column), verdict },
  ]);
  return [finding('beside', { model: take.summary.model, other: name, tasks: Object.fromEntries(tasks) })];
}

/** The columns in which a model is worse than the baseline. */
const lossesOf = (model: string, { columns, comparisons }: Summary): Column[] =>
  columns.filter(({ task, metric }) => comparisons[metric]?.models[model]?.tasks[task]?.verdict === 'worse');

/**
 * Whether a model is behind the first one by no more than five seeds could show, in the main metric of each task; for one seed, by no more
 * than another sample of test rows could move a score.
 */
function isNear(each: Standing, first: Standing, limits: readonly Limit[]): boolean {
  return limits.every(({ task, metric, enough, sampled }) => {
    const { mean = NaN } = scoresAgainst({ task, metric }, each.trials, first.trials) ?? {};
    const behind = metricFormat(metric).direction === 'higher' ? -mean : mean;
    const visible = Number.isNaN(enough) ? sampled : enough;
    return !(behind > (Number.isNaN(visible) ? 0 : visible));
  });
}

/** The smallest model, or the best one if no other is clearly smaller. The size of a model that was trained elsewhere isn't known. */
const smallestOf = (models: readonly Standing[]): Standing =>
  models.reduce((least, each) => (sizeOf(least) < Infinity && sizeOf(each) <= SMALLER * sizeOf(least) ? each : least));

const sizeOf = ({ summary: { parameters } }: Standing): number => (parameters > 0 ? parameters : Infinity);

/** What a comparison can see in the main metric of a task. */
interface Limit extends Column {
  /** The smallest difference from the baseline that the seeds show. NaN without one. */
  readonly shown: number;
  /** The smallest that five seeds would show, or as many as there are if they are more. */
  readonly enough: number;
  /** Half of the 95% interval of a score over samples of test rows. NaN if it wasn't measured. */
  readonly sampled: number;
}

function limitsOf({ columns, comparisons, models, seeds, config }: Summary, trials: readonly TrialResult[]): Limit[] {
  const { testToTrain } = resampling(config);
  return mainColumns(columns).map(({ task, metric }) => {
    const squares = models
      .map(({ model }) => (comparisons[metric]?.models[model]?.tasks[task]?.difference.deviation ?? NaN) ** 2)
      .filter(Number.isFinite);
    const halves = trials
      .map(({ rowIntervals: { [task]: { [metric]: bounds } = {} } }) => bounds && (bounds.high - bounds.low) / 2)
      .filter((half) => Number.isFinite(half)) as number[];
    const detectable = (count: number) => detectableDifference(Math.sqrt(mean(squares)), count, testToTrain);
    const enough = detectable(Math.max(LEAST_SEEDS, seeds.length));
    return { task, metric, shown: detectable(seeds.length), enough, sampled: mean(halves) };
  });
}

/** How many seeds would tell two models apart on the task on which this takes fewest, of those where these seeds don't. */
function neededFor(take: Standing, other: Standing, { columns, seeds, config }: Summary): ComparisonFinding[] {
  const models = [other, take].map(({ summary: { model } }) => model) as [string, string];
  const apart = mainColumns(columns)
    .map((column) => {
      const { mean = NaN, deviation = NaN } = scoresAgainst(column, other.trials, take.trials) ?? {};
      const needed = seedsToDetect(mean, deviation, resampling(config).testToTrain);
      return { ...column, models, difference: Math.abs(mean), seeds: Math.max(needed, LEAST_SEEDS) };
    })
    .filter(({ difference }) => difference > ROUNDING)
    .sort((a, b) => a.seeds - b.seeds);
  const nearest = apart.find((each) => each.seeds > seeds.length);
  if (!nearest) return [];
  if (nearest.seeds <= MOST_SEEDS) return [finding('needed', nearest)];
  const isOpen = seeds.length < LEAST_SEEDS || nearest !== apart[0];
  return isOpen ? [] : [finding('equal', nearest)]; // of one seed the deviation isn't known, of a few hardly
}

/** Who is better or worse than the baseline on which task, each in its main metric. Models that no seeds tested have no finding. */
function taskFindings(summary: Summary): ComparisonFinding[] {
  const { baseline, columns, constants, models, seeds, warnings, winners } = summary;
  const main = mainColumns(columns);
  const isRun = models.some(({ model }) => model === baseline);
  const isUnfinished = (name: string) =>
    warnings.some(
      ({ kind, about: { task, model } }) => kind === 'still-improving' && task === undefined && model === name,
    );
  return [
    ...(isRun ? [] : [finding('no baseline', { baseline })]),
    ...(seeds.length < LEAST_SEEDS
      ? []
      : isRun
        ? main.flatMap((column) => againstBaseline(summary, column))
        : winners.filter((each) => isAmong(each, main)).map((each) => finding('winner', each))),
    ...uselessOf(summary).map(({ task, metric }) =>
      finding('constant', { task, metric, value: constants[task]![metric]! }),
    ),
    ...models.filter(({ model }) => isUnfinished(model)).map(({ model }) => finding('unfinished', { model })),
  ];
}

/** The main columns in which no model is better than a constant prediction. */
const uselessOf = (summary: Summary): Column[] =>
  mainColumns(summary.columns).filter((column) =>
    summary.models.every(
      (model) =>
        Number.isFinite(model.metrics[column.task]![column.metric]!.mean) && !beatsConstant(summary, model, column),
    ),
  );

function againstBaseline(summary: Summary, column: Column): ComparisonFinding[] {
  const rows = differenceRows(summary).filter((row) => isAmong(row, [column]));
  const { task, metric } = column;
  if (rows.every(({ verdict }) => verdict === 'untested')) return [finding('untested', { task, metric })];
  const of = (verdict: string) => rows.filter((row) => row.verdict === verdict);
  const [leader] = of('better').sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  const worse = of('worse');
  if (worse.length === rows.length) return [finding('all worse', { task, metric })];
  return [
    leader
      ? finding('better', {
          ...{ task, metric, model: leader.model, by: Math.abs(leader.difference) },
          beatsAll: isAmong(
            column,
            summary.winners.filter(({ model }) => model === leader.model),
          ),
        })
      : finding('even', { task, metric, someWorse: worse.length > 0 }),
    ...worse.map(({ model }) => finding('worse', { task, metric, model })),
  ];
}

const POWER = 0.8;

/** From so many seeds on, nobody runs more. */
const UNLIMITED = 1000;

/**
 * The smallest true difference that a paired t test over n seeds shows in four of five runs: (t(1 − α/2) + t(power)) · s / √n, with quantiles
 * of n − 1 degrees of freedom (Cohen 1988 has normal ones), α 5% and power 80%. Folds: the factor 1 / n + testToTrain in place of 1 / n.
 * @example detectableDifference(0.01, 5); // (2.7764 + 0.9410) · 0.01 / √5 = 0.0166
 */
export const detectableDifference = (deviation: number, seeds: number, testToTrain = 0): number =>
  seeds < 2
    ? NaN
    : ((studentTQuantile(1 - LEVEL / 2, seeds - 1) + studentTQuantile(POWER, seeds - 1)) * deviation) /
      Math.sqrt(seeds / (1 + seeds * testToTrain));

/** The number of seeds from which on {@link detectableDifference} is at most a difference; Infinity above 1,000. */
export function seedsToDetect(difference: number, deviation: number, testToTrain = 0): number {
  const isEnough = (seeds: number) => detectableDifference(deviation, seeds, testToTrain) <= Math.abs(difference);
  if (!isEnough(UNLIMITED)) return Infinity;
  let [few, enough] = [1, UNLIMITED];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
