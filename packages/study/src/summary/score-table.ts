import { meanInterval, type Comparison } from '@polytask/metrics';
import type { TrialResult } from '../trials/trial-result.ts';
import { comparisonsOf } from './comparisons.ts';
import { metricRows } from './metric-rows.ts';
import type { Column, Gain, ModelScores, ScoreTable } from './summary.ts';
import { winnerOf } from './winners.ts';

/**
 * The scores of models, and how they stand to each other.
 *
 * @param byModel the trials of each, in the order of the rows, seed by seed
 */
export function scoreTableOf(byModel: ReadonlyMap<string, readonly TrialResult[]>, baseline: string): ScoreTable {
  const trials = [...byModel.values()].flat();
  const columns = columnsOf(trials[0]!);
  const comparisons = comparisonsOf(byModel, columns, baseline);
  return {
    seeds: [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b),
    columns,
    baseline,
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
      [metric]: meanInterval(trials.map((trial) => trial.metrics[task]?.[metric] ?? NaN)),
    };
  }
  return {
    model,
    seeds: trials.map(({ seed }) => seed),
    metrics,
    rowIntervals: trials.length === 1 ? trials[0]!.rowIntervals : {},
  };
}

/** The gain of each comparison that has one. */
const gainsOf = (
  comparisons: Readonly<Record<string, Comparison<string, string>>>,
  model: string,
): Record<string, Gain> =>
  Object.fromEntries(
    Object.entries(comparisons).flatMap(([metric, { models: compared }]) => {
      const gain = compared[model]?.gain;
      return gain ? [[metric, { mean: gain.mean, bootstrap: gain.bootstrap, tasks: gain.perTask }]] : [];
    }),
  );

const columnsOf = ({ metrics }: TrialResult): Column[] =>
  Object.entries(metrics).flatMap(([task, values]) =>
    metricRows.filter(({ name }) => name in values).map(({ name }) => ({ task, metric: name })),
  );
