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

/** Values of runs, minus those of others. @param dependence of seeds, by {@link resampling} @returns undefined without a pair */
export function pairedAgainst<Run>(
  pairs: readonly (readonly [Run, Run])[],
  valueIn: (run: Run) => number,
  direction: 'higher' | 'lower',
  dependence?: MeanOptions,
): Against | undefined {
  if (pairs.length === 0) return undefined;
  const [own, base] = [pairs.map(([run]) => valueIn(run)), pairs.map(([, other]) => valueIn(other))];
  const difference = pairedDifference(own, base, dependence);
  const verdict = difference.n < LEAST_SEEDS ? 'untested' : verdictOf(difference, direction);
  return { ...difference, difference: difference.mean, verdict };
}

/** The mean normalized losses of trials, minus those of others on the same rows. */
export const errorsAgainst = (own: readonly TrialResult[], base: readonly TrialResult[]): Against | undefined =>
  pairedAgainst(paired(own, base, pairOf), errorOf, 'lower', resampling(own[0]!.config));

/** The scores of trials in a column, minus those of others on the same rows. */
export function scoresAgainst(
  column: Column,
  own: readonly TrialResult[],
  base: readonly TrialResult[],
): Against | undefined {
  const { direction } = metricFormat(column.metric);
  const scoreOf = (trial: TrialResult) => valueOf(trial, column);
  return pairedAgainst(paired(own, base, pairOf), scoreOf, direction, resampling(own[0]!.config));
}

/** The significance level of all tests. */
export const LEVEL = 0.05;

/** With fewer seeds or folds nothing is decided: the deviation of two or three differences is hardly known. */
export const LEAST_SEEDS = 5;

/** Tests with the verdicts that they have after Holm's correction for all of them. */
export function corrected<T extends { readonly pValue: number; readonly verdict: Verdict }>(tests: readonly T[]) {
  const adjusted = holm(tests.map(({ pValue }) => pValue));
  return tests.map((test, i) => {
    const isSame = test.verdict === 'untested' || adjusted[i]! <= LEVEL;
    const verdict: Verdict = isSame ? test.verdict : 'no difference';
    return { ...test, adjustedPValue: adjusted[i]!, verdict };
  });
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
    const difference = scoresAgainst(column, byModel.get(best.model)!, byModel.get(model)!);
    if (!difference || difference.n < LEAST_SEEDS) return NaN;
    return isBetter(direction, difference.mean, 0) ? difference.pValue : NaN;
  });
  const pValue = Math.max(...pValues); // NaN if any p value is NaN
  return pValue < LEVEL ? { ...column, model: best.model, pValue } : undefined;
}

/** The pairs of runs with equal keys, in the order of `a`. */
export function paired<Run>(a: readonly Run[], b: readonly Run[], keyOf: (run: Run) => number): [Run, Run][] {
  const byKey = new Map(b.map((run) => [keyOf(run), run]));
  return a.flatMap((run): [Run, Run][] => {
    const other = byKey.get(keyOf(run));
    return other ? [[run, other]] : [];
  });
}

export const isAmong = ({ task, metric }: Column, columns: readonly Column[]): boolean =>
  columns.some((column) => column.task === task && column.metric === metric);

/** The main column of each task: its first metric. */
export const mainColumns = (columns: readonly Column[]): Column[] =>
  columns.filter(({ task }, i) => columns.findIndex((other) => other.task === task) === i);

/**
 * The multi-task gain Δm of each model over the baseline (Maninis et al. 2019): the mean over tasks of the relative improvement in the
 * task's first metric, with a paired t test over seeds and Holm's correction over the models. A task is left out for all models if its
 * metric isn't defined in one of the trials, or is among `leftOut`: the baseline is no better than a constant. Of a single task the
 * scores are tested, as in the table of differences.
 *
 * @param than the model whose gain over the baseline is subtracted. Default: the baseline, whose gain is 0
 */
export function overallGains(
  byModel: TrialsByModel,
  columns: readonly Column[],
  baseline: string,
  leftOut: readonly Column[] = [],
  than = baseline,
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
  const signOf = (direction: string) => (direction === 'higher' ? 1 : -1);
  const gainsOf = (model: string) =>
    paired(byModel.get(model)!, baselineTrials, pairOf).map(([trial, base]) => {
      const gain = multiTaskGain(valuesOf(trial), valuesOf(base), directions).mean;
      return {
        pair: pairOf(trial),
        gain,
        tested: tasks.length > 1 ? gain : signOf(directions[0]!) * valuesOf(trial)[0]!,
      };
    });
  const others = gainsOf(than);
  const gains = [...byModel.keys()].flatMap((model) => {
    const pairs = model === than ? [] : paired(gainsOf(model), others, ({ pair }) => pair);
    const test = pairedAgainst(pairs, ({ tested }) => tested, 'higher', config);
    return test ? [{ ...test, model, values: pairs.map(([a, b]) => a.gain - b.gain) }] : [];
  });
  return new Map(
    corrected(gains).map(({ model, values, adjustedPValue, verdict }): [string, OverallGain] => [
      model,
      { mean: meanInterval(values, config), adjustedPValue, verdict },
    ]),
  );
}
