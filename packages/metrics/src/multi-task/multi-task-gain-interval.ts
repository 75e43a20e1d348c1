import { MetricError, requireOptions, show } from '../metric-error.ts';
import type { NumericArray } from '../metric.ts';
import {
  BOOTSTRAP_OPTIONS,
  bootstrapMean,
  type BootstrapOptions,
  type BootstrapInterval,
} from '../statistics/bootstrap-interval.ts';
import { intervalOf, type MeanOptions, type MeanInterval } from '../statistics/mean-interval.ts';
import { multiTaskGain, type TaskDirections } from './multi-task-gain.ts';

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

const WHERE = 'multiTaskGainInterval';

/** The number of seeds, which must be the same in all lists. */
const countSeeds = (tables: readonly Readonly<Record<string, NumericArray>>[]): number => {
  const lists = tables.flatMap((table) => Object.entries(table));
  const seeds = lists[0]?.[1].length ?? 0;
  for (const [task, values] of lists) {
    if (values.length === seeds && seeds > 0) continue;
    throw new MetricError(
      WHERE,
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
 * @throws MetricError on no seeds, lists of different lengths, tasks that differ, infinite values, unknown directions
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
  requireOptions(WHERE, config, [...BOOTSTRAP_OPTIONS, 'testToTrain']);
  const seeds = countSeeds([model, baseline]);
  const valuesAt = (table: Readonly<Record<Task, NumericArray>>, seed: number) =>
    Object.fromEntries(Object.entries<NumericArray>(table).map(([task, values]) => [task, values[seed]!])) as Record<
      Task,
      number
    >;
  const gains = Array.from({ length: seeds }, (_, seed) =>
    multiTaskGain<Readonly<Record<Task, number>>>(valuesAt(model, seed), valuesAt(baseline, seed), directions),
  );
  const means = gains.map(({ mean }) => mean);
  const perTask = (Object.keys(model) as Task[]).map((task) => [
    task,
    intervalOf(
      WHERE,
      gains.map((gain) => gain.perTask[task]),
      config,
    ),
  ]);
  return {
    seeds: means,
    mean: intervalOf(WHERE, means, config),
    bootstrap: bootstrapMean(WHERE, Float64Array.from(means), config),
    perTask: Object.fromEntries(perTask) as Record<Task, MeanInterval>,
  };
};
