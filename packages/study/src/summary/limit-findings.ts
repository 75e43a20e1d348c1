import { type Finding, mean } from '@polytask/components';
import { foldsOf, pairing, resampling } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import { LEAST_SEEDS, mainColumns, scoresAgainst } from './comparisons.ts';
import { detectableDifference, seedsToDetect } from './detectable-difference.ts';
import type { Standing } from './standings.ts';
import type { Column, SummaryOfTrials } from './summary.ts';
import { detectableDifferences, samplingErrors, seedsNeeded, tooClose } from './table-kinds.ts';

/** More seeds than this are no advice. */
const MOST_SEEDS = 200;
/** A difference below this is that of sums in another order. */
const ROUNDING = 1e-9;

/** What a comparison can see in the main metric of a task. */
export interface Limit extends Column {
  /** The smallest difference from the baseline that the seeds show. NaN without one. */
  readonly shown: number;
  /** The smallest that five seeds would show, or as many as there are if they are more. */
  readonly enough: number;
  /** Half of the 95% interval of a score over samples of test rows. NaN if it wasn't measured. */
  readonly sampled: number;
}

export function limitsOf(
  { columns, comparisons, models, seeds, config }: SummaryOfTrials,
  trials: readonly TrialResult[],
): Limit[] {
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

/** The smallest difference that the seeds probably show; and how far another sample of test rows could move a score, if that is farther. */
export function limitFindings(limits: readonly Limit[], { config, seeds }: SummaryOfTrials): Finding[] {
  const { noun, isCorrected } = pairing(config);
  const { test: rows } = rowsIn(config);
  const inTasks = (own: readonly Limit[], of: 'shown' | 'sampled') =>
    own.map(({ task, metric, [of]: difference }) => ({ task, metric, difference }));
  const known = limits.filter(({ shown }) => shown > ROUNDING);
  const wide = limits.filter(({ shown, sampled }) => sampled > (shown > ROUNDING ? shown : 0));
  return [
    ...(known.length > 0
      ? [detectableDifferences({}, { tasks: inTasks(known, 'shown'), seeds: seeds.length, noun, rows })]
      : []),
    ...(wide.length > 0 && rows !== undefined
      ? [samplingErrors({}, { tasks: inTasks(wide, 'sampled'), rows, noun, isOfEach: isCorrected })]
      : []),
  ];
}

const rowsIn = ({ data: { rows } }: SummaryOfTrials['config']) => Object(rows) as { readonly test?: number };

/** How many seeds would tell two models apart on the task on which this takes fewest, of those where these seeds don't. */
export function neededFindings(
  take: Standing,
  other: Standing,
  { columns, seeds, config }: SummaryOfTrials,
): Finding[] {
  const { testToTrain } = resampling(config);
  const { noun, isCorrected } = pairing(config);
  const models = [other, take].map(({ summary: { model } }) => model) as [string, string];
  const apart = mainColumns(columns)
    .map((column) => {
      const { mean = NaN, deviation = NaN } = scoresAgainst(column, other.trials, take.trials) ?? {};
      const needed = Math.max(seedsToDetect(mean, deviation, testToTrain), LEAST_SEEDS);
      return { ...column, difference: Math.abs(mean), needed };
    })
    .filter(({ difference }) => difference > ROUNDING)
    .sort((a, b) => a.needed - b.needed);
  const nearest = apart.find(({ needed }) => needed > seeds.length);
  if (!nearest) return [];
  const { task, metric, difference, needed } = nearest;
  const evidence = { models, metric, difference, noun };
  if (needed <= MOST_SEEDS)
    return [seedsNeeded({ task }, { ...evidence, needed, seeds: Math.ceil(needed / (foldsOf(config) ?? 1)) })];
  const isOpen = seeds.length < LEAST_SEEDS || nearest !== apart[0]; // of one seed the deviation isn't known, of a few hardly
  return isOpen ? [] : [tooClose({ task }, { ...evidence, more: MOST_SEEDS, isCorrected })];
}
