import { mapValues, recordOf } from '@polytask/components';
import type { GradientDiagnostics, Json } from '@polytask/balancing';
import type { BalancingReport, StepLosses } from '../engine.ts';
import type { StopperState } from '../stopping/early-stopping.ts';
import type { EpochReport, LossReport } from './reports.ts';

interface Sum {
  readonly value: number;
  readonly weight: number;
}

type Sums = Readonly<Record<string, Sum>>;

interface TotalsState {
  readonly loss: Sum;
  readonly tasks: Sums;
  readonly auxiliary: Sums;
  /** With a balancer: the weights by task, and the diagnostics by name. */
  readonly balancing?: { readonly weights: Sums; readonly gradients: Sums };
}

/** The progress of a run, as plain JSON except for NaN. A resumed run needs this state and the tensors. */
export interface RunState {
  readonly epoch: number;
  readonly batch: number;
  /** Steps done in all epochs. */
  readonly step: number;
  readonly totals: TotalsState;
  readonly learningRate: number;
  readonly seconds: number;
  readonly history: readonly EpochReport[];
  readonly stopper: StopperState | undefined;
  readonly balancer?: Json;
}

const NONE: Sum = { value: 0, weight: 0 };

/** The state before the first step. The sums contain all tasks, so a task without labels has the mean NaN. */
export const freshState = (tasks: readonly string[]): RunState => ({
  epoch: 1,
  batch: 0,
  step: 0,
  totals: { loss: NONE, tasks: recordOf(tasks, () => NONE), auxiliary: {} },
  learningRate: 0,
  seconds: 0,
  history: [],
  stopper: undefined,
});

export const addStep = (
  totals: TotalsState,
  { total, tasks, auxiliary, balancing }: StepLosses,
  rows: number,
  weights: Readonly<Record<string, number>>,
): TotalsState => ({
  loss: plus(totals.loss, total, rows),
  tasks: plusAll(totals.tasks, tasks, (task) => weights[task] ?? 0),
  auxiliary: plusAll(totals.auxiliary, auxiliary, () => rows),
  ...(balancing && { balancing: plusBalancing(totals.balancing, balancing) }),
});

const plus = (sum: Sum = NONE, value: number, weight: number): Sum =>
  weight > 0 ? { value: sum.value + weight * value, weight: sum.weight + weight } : sum;

const plusAll = (
  sums: Sums | undefined,
  values: Readonly<Record<string, number>>,
  weightOf: (name: string) => number,
): Sums => ({ ...sums, ...mapValues(values, (value, name) => plus(sums?.[name], value, weightOf(name))) });

const isNumber = ([, value]: [string, number]) => !Number.isNaN(value);

/** Weights and diagnostics count once for each step. A diagnostic of NaN doesn't count. */
const plusBalancing = (sums: TotalsState['balancing'], { weights = {}, gradients }: BalancingReport) => ({
  weights: plusAll(sums?.weights, weights, () => 1),
  gradients: plusAll(sums?.gradients, Object.fromEntries(Object.entries(gradients ?? {}).filter(isNumber)), () => 1),
});

export const meansOf = ({ loss, tasks, auxiliary, balancing }: TotalsState): LossReport => ({
  loss: meanOf(loss),
  losses: mapValues(tasks, meanOf),
  auxiliary: mapValues(auxiliary, meanOf),
  ...(balancing && { balancing: balancingOf(balancing.weights, balancing.gradients) }),
});

const meanOf = ({ value, weight }: Sum): number => value / weight;

const balancingOf = (weights: Sums, gradients: Sums): BalancingReport => ({
  ...(Object.keys(weights).length > 0 && { weights: mapValues(weights, meanOf) }),
  ...(Object.keys(gradients).length > 0 && {
    gradients: mapValues(gradients, meanOf) as unknown as GradientDiagnostics,
  }),
});
