import { groupBy } from '@polytask/core';
import { meanInterval } from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';
import { pairOf, resampling } from '../results/folds.ts';
import { comparisonsOf, type TrialsByModel, valueOf, winnerOf } from './comparisons.ts';
import { constantsOf, leftOutOf } from './constants.ts';
import { inOrder } from './metric-entries.ts';
import type { Column, ContextTable, Gain, ModelScores, PartTable, ScoreTable } from './summary.ts';

/** The scores of models and their comparison. @param given the columns that gains leave out. Default: by the constants of the trials */
export function scoreTableOf(byModel: TrialsByModel, baseline: string, given?: readonly Column[]): ScoreTable {
  const trials = [...byModel.values()].flat();
  const columns = columnsOf(trials[0]!);
  const leftOut = given ?? leftOutOf(byModel, columns, baseline);
  const comparisons = comparisonsOf(byModel, columns, baseline, leftOut);
  return {
    seeds: [...new Set(trials.map(pairOf))].sort((a, b) => a - b),
    columns,
    baseline,
    constants: constantsOf(trials, columns),
    leftOut,
    models: [...byModel].map(([model, own]) => ({
      ...scoresOf(model, own, columns),
      gains: gainsOf(comparisons, model),
    })),
    comparisons,
    winners: columns.flatMap((column) => winnerOf(column, byModel) ?? []),
  };
}

function scoresOf(
  model: string,
  trials: readonly TrialResult[],
  columns: readonly Column[],
): Omit<ModelScores, 'gains'> {
  const metrics: Record<string, ModelScores['metrics'][string]> = {};
  for (const { task, metric } of columns) {
    metrics[task] = {
      ...metrics[task],
      [metric]: meanInterval(
        trials.map((trial) => valueOf(trial, { task, metric })),
        resampling(trials[0]!.config),
      ),
    };
  }
  return {
    model,
    seeds: trials.map(pairOf),
    metrics,
    rowIntervals: trials.length === 1 ? trials[0]!.rowIntervals : {},
  };
}

/** A model's gains, by metric. */
const gainsOf = (comparisons: ScoreTable['comparisons'], model: string): Record<string, Gain> =>
  Object.fromEntries(
    Object.entries(comparisons).flatMap(([metric, { models: compared }]) => {
      const gain = compared[model]?.gain;
      return gain ? [[metric, { mean: gain.mean, bootstrap: gain.bootstrap, tasks: gain.perTask }]] : [];
    }),
  );

const columnsOf = ({ metrics }: TrialResult): Column[] =>
  Object.entries(metrics).flatMap(([task, values]) => inOrder(Object.keys(values)).map((metric) => ({ task, metric })));

/** A part of the test rows, as a trial measured it. */
type MeasuredPart = NonNullable<TrialResult['unseen']>;

/**
 * The scores of the same trials on a part of the test rows.
 *
 * @param leftOut the columns that gains leave out, as for all test rows
 * @param partOf the part, as a trial measured it
 * @returns undefined if no trial has such scores
 */
export function partTableOf(
  byModel: TrialsByModel,
  baseline: string,
  leftOut: readonly Column[],
  partOf: (trial: TrialResult) => MeasuredPart | undefined,
): PartTable | undefined {
  const parts = [...byModel.values()].flat().flatMap((trial) => partOf(trial) ?? []);
  if (parts.length === 0) return undefined;
  const onPart = (trial: TrialResult): TrialResult[] => {
    const part = partOf(trial);
    return part ? [{ ...trial, metrics: part.metrics, constants: undefined, rowIntervals: {} }] : [];
  };
  const measured = [...byModel]
    .map(([model, trials]) => [model, trials.flatMap(onPart)] as const)
    .filter(([, trials]) => trials.length > 0);
  const counts = parts.map(({ rows }) => rows);
  return {
    rows: { least: Math.min(...counts), most: Math.max(...counts) },
    share: parts.reduce((sum, { rows, of }) => sum + rows / of, 0) / parts.length,
    ...scoreTableOf(new Map(measured), baseline, leftOut),
  };
}

/** The scores for each value of each context that test rows of any trial have, those with the most rows first. */
export function contextTablesOf(byModel: TrialsByModel, baseline: string, leftOut: readonly Column[]): ContextTable[] {
  const contexts = [...byModel.values()].flat().flatMap(({ byContext = {} }) => Object.entries(byContext));
  return [...groupBy(contexts, ([context]) => context)].flatMap(([context, measured]) =>
    [...new Set(measured.flatMap(([, values]) => values.map(({ value }) => value)))]
      .flatMap((value) => {
        const table = partTableOf(byModel, baseline, leftOut, ({ byContext }) => {
          const all = byContext?.[context];
          const own = all?.find((each) => each.value === value);
          return own && { ...own, of: all!.reduce((sum, { rows }) => sum + rows, 0) };
        });
        return table ? [{ context, value, ...table }] : [];
      })
      .sort((a, b) => b.share - a.share),
  );
}
