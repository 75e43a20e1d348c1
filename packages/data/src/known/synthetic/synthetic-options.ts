import { readOptions, fail, type Options } from '@polytask/core';
import { anything } from '@polytask/components';

/** sin(alpha · s + beta) */
export interface Sine {
  readonly alpha: number;
  readonly beta: number;
}

export interface SyntheticOptions<
  N extends string = string,
  K extends 'regression' | 'binary' = 'regression' | 'binary',
> {
  /** The names of the tasks, or their number: `task1`, `task2`, … */
  readonly tasks: number | readonly N[];
  /** The number of inputs, at least three more than tasks. Default 64. */
  readonly dimension?: number;
  /** Pearson correlation of the tasks' weight vectors: one number for all pairs, or a matrix. Default 0.5. */
  readonly correlation?: number | readonly (readonly number[])[];
  /** `regression`, the default: numbers, as in the paper. `binary`: whether the number is above a quantile. */
  readonly kind?: K;
  /** The share of yes: one number for all tasks, or a list with one for each. Default 0.5. */
  readonly positiveRate?: number | readonly number[];
  /**
   * The share of rows with a label, more than 0 and at most 1: one number for all tasks, or a list with one for each. The other
   * rows have weight 0 for that task. Default 1.
   */
  readonly labelRate?: number | readonly number[];
  /** The standard deviation of the noise. Default 0.1, as in the paper. */
  readonly noise?: number;
  /**
   * The fraction of the input space, from 0 to 1, in which w becomes −w for every second task. Two tasks that agree elsewhere
   * contradict each other there. Default 0.
   */
  readonly conflict?: number;
  /** The length c of the weight vectors. Default 1. */
  readonly scale?: number;
  /** The nonlinear part of the labels, the same for all tasks. Default: (alpha, beta) = (1, 0), (2, 1), (3, 2). */
  readonly sines?: readonly Sine[];
  /** Of the tasks; `sample` takes a seed of the rows. Default 0. */
  readonly seed?: number;
}

export type ResolvedSynthetic = Required<Omit<SyntheticOptions, 'tasks' | 'positiveRate' | 'labelRate'>> & {
  readonly tasks: readonly string[];
  readonly positiveRates: readonly number[];
  readonly labelRates: readonly number[];
};

const OPTIONS: Options<SyntheticOptions> = {
  tasks: anything,
  dimension: anything,
  correlation: anything,
  kind: anything,
  positiveRate: anything,
  labelRate: anything,
  noise: anything,
  conflict: anything,
  scale: anything,
  sines: anything,
  seed: anything,
};

const SINES: readonly Sine[] = [
  { alpha: 1, beta: 0 },
  { alpha: 2, beta: 1 },
  { alpha: 3, beta: 2 },
];

/** Fills in the defaults. @throws PolytaskError for an option out of its range */
export function resolveSynthetic(options: SyntheticOptions): ResolvedSynthetic {
  readOptions(options, OPTIONS, 'syntheticTasks');
  const { positiveRate = 0.5, labelRate = 1, ...rest } = options;
  const tasks = namesOf(options.tasks);
  const resolved = {
    dimension: 64,
    correlation: 0.5,
    kind: 'regression' as const,
    noise: 0.1,
    conflict: 0,
    scale: 1,
    sines: SINES,
    seed: 0,
    ...rest,
    tasks,
    positiveRates: oneEach(positiveRate, tasks),
    labelRates: oneEach(labelRate, tasks),
  };
  const { dimension, noise, conflict, scale, positiveRates, labelRates, kind } = resolved;
  const least = tasks.length + 3;
  within(
    Number.isSafeInteger(dimension) && dimension >= least,
    `dimension to be a whole number of ${least} or more`,
    dimension,
  );
  within(noise >= 0 && noise < Infinity, 'noise to be a standard deviation of 0 or more', noise);
  within(conflict >= 0 && conflict <= 1, 'conflict to be a fraction from 0 to 1', conflict);
  within(scale > 0 && scale < Infinity, 'scale to be more than 0', scale);
  within(kind === 'binary' || kind === 'regression', "kind to be 'regression' or 'binary'", kind);
  within(
    positiveRates.length === tasks.length,
    `${tasks.length} positive rates, one for each task`,
    positiveRates.length,
  );
  for (const rate of positiveRates)
    within(rate > 0 && rate < 1, 'positiveRate to be more than 0 and less than 1', rate);
  within(labelRates.length === tasks.length, `${tasks.length} label rates, one for each task`, labelRates.length);
  for (const rate of labelRates) within(rate > 0 && rate <= 1, 'labelRate to be more than 0 and at most 1', rate);
  return resolved;
}

const oneEach = (rate: number | readonly number[], tasks: readonly string[]): readonly number[] =>
  typeof rate === 'number' ? tasks.map(() => rate) : rate;

function namesOf(tasks: number | readonly string[]): readonly string[] {
  if (typeof tasks !== 'number') {
    within(tasks.length > 0 && new Set(tasks).size === tasks.length, 'one or more different names of tasks', tasks);
    return tasks;
  }
  within(Number.isSafeInteger(tasks) && tasks >= 1, 'the number of tasks to be 1 or more', tasks);
  return Array.from({ length: tasks }, (_, t) => `task${t + 1}`);
}

function within(holds: boolean, expected: string, received: unknown): void {
  if (holds) return;
  fail({
    expected,
    received: JSON.stringify(received),
    fix: "syntheticTasks({ tasks: 3, dimension: 64, kind: 'binary' }) is one that works.",
  });
}
