import { mapValues } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import type { GradientDiagnostics } from '@polytask/balancing';
import type { StepBalancing, StepLosses } from '../engine.ts';
import type { BalancingReport, LossReport } from './reports.ts';

interface Sum {
  readonly value: number;
  readonly weight: number;
}

/** The sums of an epoch so far, as plain JSON for checkpoints. */
export interface TotalsState {
  readonly loss: Sum;
  readonly tasks: Readonly<Record<string, Sum>>;
  readonly auxiliary: Readonly<Record<string, Sum>>;
  /** With a balancer: the weights by task, and the diagnostics by name. */
  readonly balancing?: {
    readonly weights: Readonly<Record<string, Sum>>;
    readonly gradients: Readonly<Record<string, Sum>>;
  };
}

const NONE: Sum = { value: 0, weight: 0 };

/** The sums before the first step. They contain all tasks, so a task without labels has the mean NaN. */
export const emptyTotals = (tasks: readonly string[]): TotalsState => ({
  loss: NONE,
  tasks: Object.fromEntries(tasks.map((task) => [task, NONE])),
  auxiliary: {},
});

/**
 * Adds a step to the sums.
 *
 * @param weights the weight of each task's loss in the batch
 */
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
    ...mapValues(values, (value, name) => plus(sums[name], value, weightOf(name))),
  });
  return {
    loss: plus(totals.loss, losses.total, rows),
    tasks: all(totals.tasks, losses.tasks, (task) => weights[task] ?? 0),
    auxiliary: all(totals.auxiliary, losses.auxiliary, () => rows),
    ...(losses.balancing && { balancing: addBalancing(totals.balancing, losses.balancing) }),
  };

  /** Weights and diagnostics count once for each step. A diagnostic of NaN doesn't count. */
  function addBalancing(
    sums: TotalsState['balancing'],
    { weights = {}, gradients }: StepBalancing,
  ): NonNullable<TotalsState['balancing']> {
    const finiteGradients = Object.fromEntries(
      Object.entries(gradients ?? {}).filter(([, value]) => !Number.isNaN(value)),
    ) as Record<string, number>;
    return {
      weights: all(sums?.weights ?? {}, weights, () => 1),
      gradients: all(sums?.gradients ?? {}, finiteGradients, () => 1),
    };
  }
}

/** The means of an epoch. */
export function meansOf<T extends Tasks>({ loss, tasks, auxiliary, balancing }: TotalsState): LossReport<T> {
  const mean = ({ value, weight }: Sum) => value / weight;
  const means = (sums: Readonly<Record<string, Sum>>) => mapValues(sums, mean);
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
