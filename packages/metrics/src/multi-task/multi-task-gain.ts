import { mapValues, mean, readOptions, recordOf } from '@polytask/components';
import { MetricError, requireChoice, requireMeasurement, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import {
  bootstrap,
  bootstrapMean,
  type BootstrapOptions,
  type BootstrapInterval,
} from '../statistics/bootstrap-interval.ts';
import { intervalOf, overFolds, type MeanOptions, type MeanInterval } from '../statistics/mean-interval.ts';

/** One number for each task, by task name or in a list. */
export type TaskValues = Readonly<Record<string, number>> | readonly number[];

type PerTask<Tasks, Value> = { readonly [Task in keyof Tasks]: Value };

/** Whether a higher or a lower value of the task's metric is better: for each task, or one for all. */
export type TaskDirections<Tasks> = PerTask<Tasks, 'higher' | 'lower'> | 'higher' | 'lower';

export interface MultiTaskGain<Tasks> {
  /** The relative gain of each task, as a fraction: .01 is 1% better than the baseline. */
  readonly perTask: { -readonly [Task in keyof Tasks]: number };
  /** Δm, the mean over tasks. */
  readonly mean: number;
}

const WHERE = 'multiTaskGain';

const read = (values: object, noun: string, task: string): number =>
  requireMeasurement(WHERE, `${noun}[${show(task)}]`, (values as Record<string, unknown>)[task]);

const requireSameTasks = (tasks: readonly string[], values: unknown, noun: string): void => {
  const names = typeof values === 'object' && values !== null ? Object.keys(values) : undefined;
  if (names?.length === tasks.length && tasks.every((task) => names.includes(task))) return;
  throw new MetricError(
    WHERE,
    names ? `${noun} for tasks [${names.join(', ')}]` : `${show(values)} for ${noun}`,
    `the tasks of the model: [${tasks.join(', ')}]`,
    'Give model, baseline and directions the same tasks.',
  );
};

/**
 * Multi-task gain Δm: the mean over tasks of the relative difference to a baseline, usually single-task models. The sign is
 * positive where the model is better: Δ_t = ± (model_t − baseline_t) / |baseline_t|.
 *
 * Paper: Maninis, Radosavovic & Kokkinos 2019, "Attentive single-tasking of multiple tasks", Δm (there in percent).
 *
 * @param model value of each task's metric: `{ income: .95, … }` or a list
 * @param baseline the baseline's values, same tasks
 * @param directions `'higher'` or `'lower'` for each task, or one for all
 * @returns fractions. NaN for a task, and for the mean, if one of its values is NaN or the baseline is 0
 * @throws MetricError on tasks that differ, no tasks, infinite values, unknown directions
 * @example
 * multiTaskGain(
 *   { ctr: 0.88, dwell: 1.9 },
 *   { ctr: 0.8, dwell: 2 },
 *   { ctr: 'higher', dwell: 'lower' },
 * ); // { perTask: { ctr: 0.1, dwell: 0.05 }, mean: 0.075 }
 */
export const multiTaskGain = <const Tasks extends TaskValues>(
  model: Tasks,
  baseline: PerTask<Tasks, number>,
  directions: TaskDirections<Tasks>,
): MultiTaskGain<Tasks> => {
  const tasks = typeof model === 'object' && model !== null ? Object.keys(model) : [];
  if (tasks.length === 0) {
    throw new MetricError(
      WHERE,
      `${show(model)} without tasks`,
      'a value for at least one task',
      'Pass e.g. { income: 0.95 } or [0.95].',
    );
  }
  requireSameTasks(tasks, baseline, 'baseline');
  if (typeof directions !== 'string') requireSameTasks(tasks, directions, 'directions');

  const gains = recordOf(tasks, (task) => {
    const direction = typeof directions === 'string' ? directions : (directions as Record<string, unknown>)[task];
    requireChoice(WHERE, `directions[${show(task)}]`, direction, ['higher', 'lower']);
    const base = read(baseline, 'baseline', task);
    const difference = read(model, 'model', task) - base;
    return base === 0 ? NaN : ((direction === 'higher' ? 1 : -1) * difference) / Math.abs(base);
  });
  const perTask = Array.isArray(model) ? Object.values(gains) : gains;
  return { perTask: perTask as MultiTaskGain<Tasks>['perTask'], mean: mean(Object.values(gains)) };
};

export interface MultiTaskGainInterval<Task extends string> {
  /** Δm of each seed. */
  readonly seeds: readonly number[];
  /** The mean over seeds, with its t interval. */
  readonly mean: MeanInterval;
  /** The bootstrap interval of the same mean. Seeds are drawn. */
  readonly bootstrap: BootstrapInterval;
  /** The relative gain of each task with its t interval. */
  readonly perTask: Readonly<Record<Task, MeanInterval>>;
}

/** The number of seeds, which must be the same in all lists. */
const countSeeds = (where: string, tables: readonly Readonly<Record<string, NumericArray>>[]): number => {
  const lists = tables.flatMap((table) => Object.entries(table));
  const seeds = lists[0]?.[1].length ?? 0;
  for (const [task, values] of lists) {
    if (values.length === seeds && seeds > 0) continue;
    throw new MetricError(
      where,
      `${values.length} values of ${show(task)}`,
      seeds > 0 ? `${seeds}, one a seed, as elsewhere` : 'one value a seed',
      'Give the seeds that model and baseline share, in the same order, for every task.',
    );
  }
  return seeds;
};

/**
 * {@link multiTaskGain} with its confidence interval over paired seeds. The gain of seed s compares model and baseline of s,
 *
 *     Δm_s = mean over tasks t of ± (model_ts − baseline_ts) / |baseline_ts|,
 *
 * and the interval is that of the mean of Δm_s over seeds. The tasks of a seed stay together.
 *
 * @param model values [seeds] of each task's metric
 * @param baseline values [seeds] of the baseline, for the same tasks and seeds
 * @param directions `'higher'` or `'lower'` for each task, or one for all
 * @param config `{ confidence, resamples, method, random }`; `{ testToTrain }` for folds in place of seeds
 * @returns fractions. NaN where a value is NaN or a baseline is 0. Bounds are NaN for a single seed
 * @throws PolytaskError on no seeds, lists of different lengths, tasks that differ, infinite values, unknown directions
 * @example
 * multiTaskGainInterval(
 *   { ctr: [0.84, 0.88] },
 *   { ctr: [0.8, 0.8] },
 *   'higher',
 * ).mean; // { mean: 0.075, low: -0.242655, high: 0.392655, deviation: 0.035355, n: 2 }
 */
export const multiTaskGainInterval = <Task extends string>(
  model: Readonly<Record<Task, NumericArray>>,
  baseline: Readonly<Record<NoInfer<Task>, NumericArray>>,
  directions: TaskDirections<Readonly<Record<Task, number>>>,
  config: BootstrapOptions & MeanOptions = {},
): MultiTaskGainInterval<Task> => {
  const where = 'multiTaskGainInterval';
  const options = readOptions(config, { ...bootstrap, ...overFolds }, where);
  const seeds = countSeeds(where, [model, baseline]);
  const valuesAt = (table: Readonly<Record<Task, NumericArray>>, seed: number) =>
    mapValues(table, (values) => values[seed]!);
  const gains = Array.from({ length: seeds }, (_, seed) =>
    multiTaskGain<Readonly<Record<Task, number>>>(valuesAt(model, seed), valuesAt(baseline, seed), directions),
  );
  const means = gains.map(({ mean }) => mean);
  const valuesOf = (task: Task) => gains.map(({ perTask }) => perTask[task]);
  return {
    seeds: means,
    mean: intervalOf(means, options),
    bootstrap: bootstrapMean(Float64Array.from(means), options),
    perTask: mapValues(model, (_, task) => intervalOf(valuesOf(task), options)),
  };
};
