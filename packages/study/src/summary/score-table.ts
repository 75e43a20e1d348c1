import { groupBy, mean, sum } from '@polytask/components';
import { meanInterval } from '@polytask/metrics';
import type { TrialResult } from '../results/trial-result.ts';
import { pairOf, resampling } from '../results/folds.ts';
import { comparisonsOf, type TrialsByModel, valueOf, winnerOf } from './comparisons.ts';
import { inOrder, isBetterThan } from './metric-entries.ts';
import type { Column, ContextTable, PartTable, ScoreTable } from './summary.ts';

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
    models: [...byModel].map(([model, own]) => {
      const dependence = resampling(own[0]!.config);
      const meanIn = (column: Column) =>
        meanInterval(
          own.map((trial) => valueOf(trial, column)),
          dependence,
        );
      return {
        ...{ model, seeds: own.map(pairOf), metrics: byColumn(columns, meanIn) },
        rowIntervals: own.length === 1 ? own[0]!.rowIntervals : {},
      };
    }),
    comparisons,
    winners: columns.flatMap((column) => winnerOf(column, byModel) ?? []),
  };
}

const byColumn = <V>(columns: readonly Column[], of: (column: Column) => V): Record<string, Record<string, V>> =>
  Object.fromEntries(
    [...groupBy(columns, ({ task }) => task)].map(([task, own]) => [
      task,
      Object.fromEntries(own.map((column) => [column.metric, of(column)])),
    ]),
  );

const columnsOf = ({ metrics }: TrialResult): Column[] =>
  Object.entries(metrics).flatMap(([task, values]) => inOrder(Object.keys(values)).map((metric) => ({ task, metric })));

type MeasuredPart = NonNullable<TrialResult['unseen']>;

/** The scores of the same trials on a part of the test rows; undefined if no trial has such scores. */
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
    share: mean(parts.map(({ rows, of }) => rows / of)),
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
          return own && { ...own, of: sum(all!.map(({ rows }) => rows)) };
        });
        return table ? [{ context, value, ...table }] : [];
      })
      .sort((a, b) => b.share - a.share),
  );
}

/** The mean of a column's constant over trials. NaN without trials, and if one doesn't have it. */
const constantOf = (trials: readonly TrialResult[], { task, metric }: Column): number =>
  mean(trials.map(({ constants }) => constants?.[task]?.[metric] ?? NaN));

/** The metrics of a constant prediction, by task and metric. A metric that a trial doesn't have it for is missing. */
export function constantsOf(trials: readonly TrialResult[], columns: readonly Column[]): ScoreTable['constants'] {
  const known = columns.filter((column) => Number.isFinite(constantOf(trials, column)));
  return byColumn(known, (column) => constantOf(trials, column));
}

/** The columns that gains leave out, because the baseline is no better than a constant there: a relative difference from it says nothing. */
export function leftOutOf(byModel: TrialsByModel, columns: readonly Column[], baseline: string): Column[] {
  const trials = byModel.get(baseline) ?? [];
  return columns.filter((column) => {
    const own = mean(trials.map((trial) => valueOf(trial, column)));
    return !isBetterThan(column.metric, own, constantOf(trials, column));
  });
}

/** Whether a model's mean is better than the constant in a column. True if one of them is unknown. */
export const beatsConstant = (
  { constants }: Pick<ScoreTable, 'constants'>,
  { metrics }: ScoreTable['models'][number],
  { task, metric }: Column,
): boolean => isBetterThan(metric, metrics[task]![metric]!.mean, constants[task]?.[metric]);
