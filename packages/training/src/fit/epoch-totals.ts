import type { GradientDiagnostics } from '@polytask/balancing';
import type { Batch, Tasks } from '@polytask/core';
import type { StepBalancing, StepLosses } from '../engine.ts';
import type { BalancingReport, LossReport } from './reports.ts';

/** A weighted sum and its weight. */
interface Sum {
  readonly value: number;
  readonly weight: number;
}

/** The sums of an epoch so far, as plain JSON: part of a checkpoint. */
export interface TotalsState {
  readonly loss: Sum;
  readonly tasks: Readonly<Record<string, Sum>>;
  readonly auxiliary: Readonly<Record<string, Sum>>;
  /** With a balancer: its weights by task, and the diagnostics by name. */
  readonly balancing?: {
    readonly weights: Readonly<Record<string, Sum>>;
    readonly gradients: Readonly<Record<string, Sum>>;
  };
}

const NONE: Sum = { value: 0, weight: 0 };

/** Nothing yet; the tasks are there, so that one without any label has a mean (NaN) as well. */
export const emptyTotals = (tasks: readonly string[]): TotalsState => ({
  loss: NONE,
  tasks: Object.fromEntries(tasks.map((task) => [task, NONE])),
  auxiliary: {},
});

/** What each task's loss in a batch counts for: its rows' sample weights. Take them before the batch is gone. */
export const taskWeights = (batch: Batch): Record<string, number> =>
  Object.fromEntries(
    Object.entries(batch.weights).map(([task, weights]) => [task, weights.reduce((sum, weight) => sum + weight, 0)]),
  );

/** The sums with one more step in them. */
export function addStep(
  totals: TotalsState,
  losses: StepLosses,
  rows: number,
  weights: Readonly<Record<string, number>>,
): TotalsState {
  const plus = (sum: Sum = NONE, value: number, weight: number): Sum =>
    weight > 0 ? { value: sum.value + weight * value, weight: sum.weight + weight } : sum;
  const all = (
    sums: Readonly<Record<string, Sum>>,
    values: Readonly<Record<string, number>>,
    weightOf: (name: string) => number,
  ) => ({
    ...sums,
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, plus(sums[name], value, weightOf(name))]),
    ),
  });
  return {
    loss: plus(totals.loss, losses.total, rows),
    tasks: all(totals.tasks, losses.tasks, (task) => weights[task] ?? 0),
    auxiliary: all(totals.auxiliary, losses.auxiliary, () => rows),
    ...(losses.balancing && { balancing: addBalancing(totals.balancing, losses.balancing) }),
  };

  /** A mean over steps; a diagnostic that a step doesn't have leaves it out. */
  function addBalancing(
    sums: TotalsState['balancing'],
    { weights = {}, gradients }: StepBalancing,
  ): NonNullable<TotalsState['balancing']> {
    const known = Object.fromEntries(
      Object.entries(gradients ?? {}).filter(([, value]) => !Number.isNaN(value)),
    ) as Record<string, number>;
    return {
      weights: all(sums?.weights ?? {}, weights, () => 1),
      gradients: all(sums?.gradients ?? {}, known, () => 1),
    };
  }
}

/** The means. */
export function meansOf<T extends Tasks>({ loss, tasks, auxiliary, balancing }: TotalsState): LossReport<T> {
  const mean = ({ value, weight }: Sum) => value / weight;
  const means = (sums: Readonly<Record<string, Sum>>) =>
    Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, mean(sum)]));
  return {
    loss: mean(loss),
    losses: means(tasks) as LossReport<T>['losses'],
    auxiliary: means(auxiliary),
    ...(balancing && { balancing: balancingOf<T>(means(balancing.weights), means(balancing.gradients)) }),
  };
}

const balancingOf = <T extends Tasks>(
  weights: Readonly<Record<string, number>>,
  gradients: Readonly<Record<string, number>>,
): BalancingReport<T> => ({
  ...(Object.keys(weights).length > 0 && { weights: weights as NonNullable<BalancingReport<T>['weights']> }),
  ...(Object.keys(gradients).length > 0 && { gradients: gradients as unknown as GradientDiagnostics }),
});
