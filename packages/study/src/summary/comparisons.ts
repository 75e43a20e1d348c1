import { mapValues, mean, recordOf } from '@polytask/components';
import {
  compareRuns,
  type Comparison,
  isBetter,
  meanInterval,
  pairedDifference,
  type MeanOptions,
  type PairedDifference,
  type Verdict,
  verdictOf,
  holm,
  multiTaskGain,
} from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';
import { pairOf, resampling } from '../results/folds.ts';
import { metricFormat } from './metric-entries.ts';
import type { Column, Winner, OverallGain } from './summary.ts';

/** The trials of each model, seed by seed or fold by fold, in the order of the table's rows. */
export type TrialsByModel = ReadonlyMap<string, readonly TrialResult[]>;

/** The value of a metric in a trial; NaN if the trial has none. */
export const valueOf = ({ metrics }: TrialResult, { task, metric }: Column): number => metrics[task]?.[metric] ?? NaN;

/**
 * Compares all models with the baseline in each metric: differences, verdicts, wins and losses, gain, and ranks. Verdicts are corrected for
 * all models and tasks of the metric. @param leftOut the columns that the mean gain doesn't count
 */
export function comparisonsOf(
  byModel: TrialsByModel,
  columns: readonly Column[],
  baseline: string,
  leftOut: readonly Column[] = [],
): Record<string, Comparison<string, string>> {
  if (!byModel.has(baseline) || byModel.size < 2) return {};
  const metrics = [...new Set(columns.map(({ metric }) => metric))];
  return recordOf(metrics, (metric) => {
    const comparison = comparisonOf(byModel, columns, baseline, metric);
    const own = columns.filter((column) => column.metric === metric);
    const counted = own.filter((column) => !isAmong(column, leftOut));
    if (counted.length === own.length) return comparison;
    const gains = counted.length === 0 ? {} : comparisonOf(byModel, counted, baseline, metric).models;
    const models = mapValues(comparison.models, (each, model) => ({ ...each!, gain: gains[model]?.gain }));
    return { ...comparison, models: models as typeof comparison.models };
  });
}

function comparisonOf(
  byModel: TrialsByModel,
  columns: readonly Column[],
  baseline: string,
  metric: string,
): Comparison<string, string> {
  const tasks = columns.filter((column) => column.metric === metric).map(({ task }) => task);
  const { direction } = metricFormat(metric);
  const scoresOf = (trials: readonly TrialResult[]) =>
    recordOf(tasks, (task) =>
      Object.fromEntries(trials.map((trial) => [String(pairOf(trial)), valueOf(trial, { task, metric })])),
    );
  return compareRuns(
    {
      baseline,
      tasks: recordOf(tasks, () => direction),
      scores: Object.fromEntries([...byModel].map(([model, trials]) => [model, scoresOf(trials)])),
    },
    { ...resampling(byModel.get(baseline)![0]!.config), leastSeeds: LEAST_SEEDS },
  );
}

/** The mean normalized loss of a trial over tasks, on the test rows: 0 is perfect, 1 is a constant. */
export const errorOf = ({ normalizedLosses = {} }: TrialResult): number => mean(Object.values(normalizedLosses));

/** A paired difference with its verdict, without correction. */
export interface Against extends PairedDifference {
  readonly difference: number;
  readonly verdict: Verdict;
}

/** Values by seed, minus those of a base. @param dependence of seeds, by {@link resampling} @returns undefined if no seed has both */
export function pairedAgainst(
  values: ReadonlyMap<number, number>,
  base: ReadonlyMap<number, number>,
  direction: 'higher' | 'lower',
  dependence: MeanOptions = {},
): Against | undefined {
  const seeds = [...values.keys()].filter((seed) => base.has(seed));
  if (seeds.length === 0) return undefined;
  const of = (side: ReadonlyMap<number, number>) => seeds.map((seed) => side.get(seed)!);
  const paired = pairedDifference(of(values), of(base), dependence);
  return { ...paired, difference: paired.mean, verdict: decided(paired, direction) };
}

/** The mean normalized losses of trials by the number that pairs them. */
export const errorsByPair = (trials: readonly TrialResult[]): ReadonlyMap<number, number> =>
  new Map(trials.map((trial) => [pairOf(trial), errorOf(trial)]));

/** The mean normalized losses of trials, minus those of others on the same rows. */
export const errorsAgainst = (own: readonly TrialResult[], base: readonly TrialResult[]): Against | undefined =>
  pairedAgainst(errorsByPair(own), errorsByPair(base), 'lower', resampling(own[0]!.config));

/** The significance level of all tests. */
export const LEVEL = 0.05;

/** With fewer seeds or folds nothing is decided: the deviation of two or three differences is hardly known. */
export const LEAST_SEEDS = 5;

/** The verdict of a paired difference, `untested` over too few seeds. */
const decided = (difference: PairedDifference, direction: 'higher' | 'lower'): Verdict =>
  difference.n < LEAST_SEEDS ? 'untested' : verdictOf(difference, direction);

/** The verdict of a paired difference, given its p value after a correction for others. */
export function correctedVerdict(
  difference: PairedDifference,
  adjustedPValue: number,
  direction: 'higher' | 'lower',
): Verdict {
  const direct = decided(difference, direction);
  return direct !== 'untested' && !(adjustedPValue <= LEVEL) ? 'no difference' : direct;
}

/**
 * The winner of a column: the model with the best mean, if it is better than every other one in a paired t test at 5%. The winner has to pass
 * all tests, so they need no correction. Paper: Gutmann & Maymin 1987, "Is the selected population the best?".
 */
export function winnerOf(column: Column, byModel: TrialsByModel): Winner | undefined {
  const { direction } = metricFormat(column.metric);
  const means = [...byModel].map(([model, trials]) => ({
    model,
    mean: mean(trials.map((trial) => valueOf(trial, column))),
  }));
  const best = means.reduce((a, b) => (isBetter(direction, b.mean, a.mean) ? b : a));
  const others = means.filter(({ model }) => model !== best.model);
  if (others.length === 0) return undefined;

  const pValues = others.map(({ model }) => {
    const pairs = paired(byModel.get(best.model)!, byModel.get(model)!);
    if (pairs.length < LEAST_SEEDS) return NaN;
    const difference = differenceIn(column, pairs);
    return isBetter(direction, difference.mean, 0) ? difference.pValue : NaN;
  });
  const pValue = Math.max(...pValues); // NaN if any p value is NaN
  return pValue < LEVEL ? { ...column, model: best.model, pValue } : undefined;
}

/** The pairs of trials of two models with equal seeds and folds, in the order of `a`. */
export function paired(a: readonly TrialResult[], b: readonly TrialResult[]): [TrialResult, TrialResult][] {
  const byPair = new Map(b.map((trial) => [pairOf(trial), trial]));
  return a.flatMap((trial): [TrialResult, TrialResult][] => {
    const other = byPair.get(pairOf(trial));
    return other ? [[trial, other]] : [];
  });
}

/** The difference of the first trials of pairs from the second ones in a column. */
export const differenceIn = (column: Column, pairs: readonly [TrialResult, TrialResult][]): PairedDifference =>
  pairedDifference(
    pairs.map(([trial]) => valueOf(trial, column)),
    pairs.map(([, other]) => valueOf(other, column)),
    resampling(pairs[0]![0].config),
  );

/** Whether a column is one of a list. */
export const isAmong = ({ task, metric }: Column, columns: readonly Column[]): boolean =>
  columns.some((column) => column.task === task && column.metric === metric);

/** The main column of each task: its first metric. */
export const mainColumns = (columns: readonly Column[]): Column[] =>
  columns.filter(({ task }, i) => columns.findIndex((other) => other.task === task) === i);

/**
 * The multi-task gain Δm of each model over the baseline (Maninis et al. 2019): the mean over tasks of the relative improvement in the
 * task's first metric, with a paired t test over seeds and Holm's correction over the models. A task is left out for all models if its
 * metric isn't defined in one of the trials, or is among `leftOut`: the baseline is no better than a constant.
 */
export function overallGains(
  byModel: TrialsByModel,
  columns: readonly Column[],
  baseline: string,
  leftOut: readonly Column[] = [],
): ReadonlyMap<string, OverallGain> {
  const baselineTrials = byModel.get(baseline);
  if (!baselineTrials?.length || byModel.size < 2) return new Map();
  const all = [...byModel.values()].flat();
  const tasks = mainColumns(columns).filter(
    (column) => !isAmong(column, leftOut) && all.every((trial) => Number.isFinite(valueOf(trial, column))),
  );
  if (tasks.length === 0) return new Map();
  const config = resampling(baselineTrials[0]!.config);
  const directions = tasks.map(({ metric }) => metricFormat(metric).direction);
  const valuesOf = (trial: TrialResult) => tasks.map((column) => valueOf(trial, column));
  const gains = [...byModel]
    .filter(([model]) => model !== baseline)
    .map(([model, trials]) => ({
      model,
      values: paired(trials, baselineTrials).map(([a, b]) => multiTaskGain(valuesOf(a), valuesOf(b), directions).mean),
    }))
    .filter(({ values }) => values.length > 0);
  const tests = gains.map(({ values }) =>
    values.length < 2 ? undefined : pairedDifference(values, new Float64Array(values.length), config),
  );
  const adjusted = holm(tests.map((test) => test?.pValue ?? NaN));
  return new Map(
    gains.map(({ model, values }, i): [string, OverallGain] => {
      const verdict = tests[i] ? correctedVerdict(tests[i], adjusted[i]!, 'higher') : 'untested';
      return [model, { mean: meanInterval(values, config), adjustedPValue: adjusted[i]!, verdict }];
    }),
  );
}
