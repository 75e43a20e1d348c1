import { mean } from '@polytask/components';
import { differenceIn, mainColumns, paired, LEVEL } from '../summary/comparisons.ts';
import { amount, metricFormat } from '../summary/metric-entries.ts';
import type { Column, Summary } from '../summary/summary.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { counted, formatCount, joined, joinedUpTo, percent, present } from '../format.ts';
import { foldsOf, pairing, resampling } from '../results/folds.ts';
import { rowCountsOf } from '../suites/row-counts.ts';
import type { Standing } from './leaderboard.ts';
import type { Words } from './verdict.ts';
import { studentTQuantile } from '@polytask/metrics';

const POWER = 0.8;

/** From so many seeds on, nobody runs more. */
const UNLIMITED = 1000;

/**
 * The smallest true difference that a paired t test over n seeds shows in four of five runs: (t(1 − α/2) + t(power)) · s / √n. The
 * quantiles have n − 1 degrees of freedom, α is 5%, and the power 80%. Cohen 1988 has normal quantiles in place of Student's.
 *
 * @param deviation s, the standard deviation of the paired differences over seeds
 * @param seeds n, at least 2
 * @param testToTrain of folds in place of seeds: the variance has the factor 1 / n + testToTrain in place of 1 / n. Default: 0
 * @example detectableDifference(0.01, 5); // (2.7764 + 0.9410) · 0.01 / √5 = 0.0166
 */
export const detectableDifference = (deviation: number, seeds: number, testToTrain = 0): number =>
  seeds < 2
    ? NaN
    : ((studentTQuantile(1 - LEVEL / 2, seeds - 1) + studentTQuantile(POWER, seeds - 1)) * deviation) /
      Math.sqrt(seeds / (1 + seeds * testToTrain));

/**
 * The number of seeds from which on {@link detectableDifference} is at most a difference.
 *
 * @returns Infinity above 1,000
 * @example seedsToDetect(0.0166, 0.01); // 6
 */
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

/**
 * The number of test rows whose 95% interval is so narrow: an interval shrinks with the square root of the rows.
 *
 * @param half half of the interval over samples of `rows` test rows
 * @param wanted half of the interval that is wanted
 * @example rowsToKnow(150, 0.06, 0.01); // 5400
 */
export const rowsToKnow = (rows: number, half: number, wanted: number): number =>
  Math.ceil(Number((rows * (half / wanted) ** 2).toFixed(6)));

/** Fewer seeds than this are a hint. */
const ENOUGH = 5;
/** How many names a sentence has. It counts the others. */
const NAMED = 3;
/** More seeds than this are no advice. */
const MOST_SEEDS = 200;
/** A difference below this is that of sums in another order. */
const ROUNDING = 1e-9;
/** A model is smaller than another if it has at most this share of its parameters. */
const SMALLER = 0.95;

/**
 * What to take and why, what this comparison could have seen, and what would decide the rest.
 *
 * @param trials the trials of the summary
 * @param standings as `standingsOf` gives them
 * @returns sentences; none for one seed, or scores that can't be compared
 */
export function advise(
  summary: Summary,
  trials: readonly TrialResult[],
  standings: readonly Standing[],
  words: Words,
): string[] {
  if (summary.seeds.length < 2 || standings.some(({ rank }) => Number.isNaN(rank))) return [];
  const open = standings.filter(({ beatenBy }) => beatenBy.length === 0);
  const limits = limitsOf(summary, trials);
  const [first] = standings as [Standing];
  const near = open.filter((each) => each === first || isNear(each, first, trials, limits));
  const take = smallestOf(near.length > 0 ? near : [open[0] ?? first]);
  const rivals = open.filter((each) => each !== take);
  return [
    takeSentence(summary, standings, take, rivals),
    ...limitSentences(summary, limits),
    ...(rivals.length === 0 ? [] : decisiveSentences(summary, trials, take, rivals[0]!, limits, words)),
  ];
}

/**
 * Whether a model is behind the first one by no more than five seeds could show, in the main metric of each task. Fewer may not tell two
 * models apart that are far from each other.
 */
function isNear(each: Standing, first: Standing, trials: readonly TrialResult[], limits: readonly Limit[]): boolean {
  const pairs = pairsOf(each, first, trials);
  return limits.every(({ task, metric, enough }) => {
    const { mean } = differenceIn({ task, metric }, pairs);
    const behind = metricFormat(metric).direction === 'higher' ? -mean : mean;
    return !(behind > enough);
  });
}

/** The trials of two models on the same rows. */
const pairsOf = (a: Standing, b: Standing, trials: readonly TrialResult[]): [TrialResult, TrialResult][] => {
  const [own, others] = [a, b].map(({ summary }) => trials.filter(({ model }) => model === summary.model));
  return paired(own!, others!);
};

/** The smallest model, or the best one if no other is clearly smaller. The size of a model that was trained elsewhere isn't known. */
const smallestOf = (models: readonly Standing[]): Standing =>
  models.reduce((least, each) => (sizeOf(least) < Infinity && sizeOf(each) <= SMALLER * sizeOf(least) ? each : least));

const sizeOf = ({ summary: { parameters } }: Standing): number => (parameters > 0 ? parameters : Infinity);

function takeSentence(
  summary: Summary,
  standings: readonly Standing[],
  take: Standing,
  rivals: readonly Standing[],
): string {
  const { baseline, seeds, config } = summary;
  const { model, gain } = take.summary;
  const first = standings[0]!.summary.model;
  const isSmallest = rivals.every((each) => sizeOf(each) > sizeOf(take));
  const gained = gain?.verdict === 'better' ? `, with a gain of ${percent(gain.mean.mean)} over ${baseline}` : '';
  const isOpen = standings[0]!.beatenBy.length === 0;
  const place = isSmallest ? 'is the smallest' : model === first ? 'ranks first' : `is smaller than ${first}`;
  const beaten = standings.filter(({ beatenBy }) => beatenBy.length > 0);
  const others =
    beaten.length === 0
      ? ''
      : `; every other model is worse than ${[...new Set(beaten.map(({ beatenBy }) => beatenBy[0]!))].join(' or ')}`;
  const names = rivals.map((rival) => rival.summary.model);
  const why =
    rivals.length === 0
      ? beaten.every(({ beatenBy }) => beatenBy[0] === model)
        ? `by the mean gain over tasks it is better than ${standings.length === 2 ? 'the other model' : 'each other model'} beyond chance${gained}`
        : `${model === first ? 'it ranks first' : 'no model is better beyond chance'}${gained}${others}`
      : beaten.length === 0
        ? `nothing is told apart from it, and it ${place}`
        : model === first
          ? `${joinedUpTo(names, NAMED)} ${names.length === 1 ? "isn't" : "aren't"} told apart from it, and it ${place}${gained}${others}`
          : isOpen
            ? `it isn't told apart from ${first}, which ranks first, and it ${place}` +
              `${isSmallest ? ` of ${counted(rivals.length + 1, 'such model')}` : ''}${gained}${others}`
            : `${joinedUpTo(names, NAMED)} ${names.length === 1 ? "isn't" : "aren't"} told apart from it${gained}${others}`;
  const lost = lostTasks(summary, model);
  const but = lost.length === 0 ? '' : `; but it loses to ${baseline} on ${joinedUpTo(lost, NAMED)}`;
  return seeds.length < ENOUGH
    ? `For now, take ${model}: ${why}${but}. ${counted(seeds.length, pairing(config).noun)} are a hint, no proof.`
    : `Take ${model}: ${why}${but}.`;
}

/** The tasks on which a model is worse than the baseline beyond chance, each in its main metric. */
const lostTasks = ({ columns, comparisons }: Summary, model: string): string[] =>
  mainColumns(columns).flatMap(({ task, metric }) =>
    comparisons[metric]?.models[model]?.tasks[task]?.verdict === 'worse' ? [task] : [],
  );

/** What a comparison can see in the main metric of a task. */
interface Limit extends Column {
  /** The smallest difference from the baseline that the seeds show. NaN without one. */
  readonly seen: number;
  /** The smallest that five seeds would show, or as many as there are if they are more. */
  readonly enough: number;
  /** Half of the 95% interval of a score over samples of test rows. NaN if it wasn't measured. */
  readonly rows: number;
}

function limitsOf({ columns, comparisons, models, seeds, config }: Summary, trials: readonly TrialResult[]): Limit[] {
  return mainColumns(columns).map(({ task, metric }) => {
    const squares = models
      .map(({ model }) => (comparisons[metric]?.models[model]?.tasks[task]?.difference.deviation ?? NaN) ** 2)
      .filter(Number.isFinite);
    const halves = trials
      .map(({ rowIntervals: { [task]: { [metric]: bounds } = {} } }) => bounds && (bounds.high - bounds.low) / 2)
      .filter((half) => Number.isFinite(half)) as number[];
    const detectable = (count: number) =>
      detectableDifference(Math.sqrt(mean(squares)), count, resampling(config).testToTrain);
    const [seen, enough] = [seeds.length, Math.max(ENOUGH, seeds.length)].map(detectable) as [number, number];
    return { task, metric, seen, enough, rows: mean(halves) };
  });
}

function limitSentences({ seeds, config }: Summary, limits: readonly Limit[]): string[] {
  const known = limits.filter(({ seen }) => seen > ROUNDING);
  const { test } = rowCountsOf(config.data);
  const rows = test === undefined ? '' : `${formatCount(test)} test rows and `;
  const wide = limits.filter((limit) => limit.rows > limit.seen || (limit.rows > 0 && Number.isNaN(limit.seen)));
  return present([
    known.length > 0 &&
      `With ${rows}${counted(seeds.length, pairing(config).noun)}, differences below about ` +
        `${byMetric(known, ({ seen }) => seen)} can't be shown.`,
    wide.length > 0 &&
      test !== undefined &&
      `Another sample of ${formatCount(test)} test rows could move a score by ${byMetric(wide, (limit) => limit.rows)}.`,
  ]);
}

/** `.03 AUC`, `.01 to .03 AUC and 0.2 RMSE` */
function byMetric(limits: readonly Limit[], valueOf: (limit: Limit) => number): string {
  const metrics = [...new Set(limits.map(({ metric }) => metric))];
  return joined(
    metrics.map((metric) => {
      const values = limits.filter((limit) => limit.metric === metric).map(valueOf);
      const ends = [Math.min(...values), Math.max(...values)].map((value) => about(value));
      return `${[...new Set(ends)].join(' to ')} ${metricFormat(metric).label}`;
    }),
  );
}

/** A value with one significant digit: `.03`, `2,000`. */
function about(value: number): string {
  const rounded = Number(value.toPrecision(1));
  return rounded >= 1 ? formatCount(rounded) : rounded.toFixed(-Math.floor(Math.log10(rounded))).slice(1);
}

/** How many seeds or test rows would tell a model from its nearest rival, if the difference is the one that was seen. */
function decisiveSentences(
  { columns, seeds, config }: Summary,
  trials: readonly TrialResult[],
  take: Standing,
  rival: Standing,
  limits: readonly Limit[],
  words: Words,
): string[] {
  const { noun } = pairing(config);
  const [a, b] = [rival, take].map(({ summary: { model } }) => model) as [string, string];
  const pairs = pairsOf(rival, take, trials);
  const found = mainColumns(columns)
    .map((column) => {
      const { mean, deviation } = differenceIn(column, pairs);
      return { column, size: Math.abs(mean), seeds: seedsToDetect(mean, deviation, resampling(config).testToTrain) };
    })
    .filter((each) => each.size > 0 && each.seeds > seeds.length)
    .sort((x, y) => x.seeds - y.seeds)[0];
  if (!found) return [];
  const { column, size } = found;
  const seen = `${amount(size, column.metric)} ${metricFormat(column.metric).label} on ${column.task}`;
  if (found.seeds > MOST_SEEDS)
    return [
      pairing(config).corrected === ''
        ? `${a} and ${b} are so near (${seen}) that more than ${MOST_SEEDS} seeds would be needed: take them for equal.`
        : `More ${noun}s would not tell ${a} and ${b} apart (${seen}), only more rows would: take them for equal.`,
    ];
  const wanted = Math.ceil(found.seeds / (foldsOf(config) ?? 1));
  const { test } = rowCountsOf(config.data);
  const half = limits.find(({ task }) => task === column.task)?.rows ?? NaN;
  const rows =
    test !== undefined && half > size
      ? ` ${formatCount(Number(rowsToKnow(test, half, size).toPrecision(2)))} test rows would know a score that exactly.`
      : '';
  return [
    `If ${a} and ${b} are as far apart as seen here (${seen}), ${found.seeds} ${noun}s would show it: ${words.takeSeeds(wanted)}.${rows}`,
  ];
}
