import {
  number,
  optional,
  readOptions,
  recordOf,
  type FromDescription,
  type Read,
  wholeNumber,
  type Written,
} from '@polytask/components';
import { multiTaskGainInterval, type MultiTaskGainInterval } from '../multi-task/multi-task-gain.ts';
import { holm } from '../statistics/adjusted-p-values.ts';
import { bootstrap, type BootstrapInterval, bootstrapMean } from '../statistics/bootstrap-interval.ts';
import { counterRandom } from '../statistics/counter-random.ts';
import { friedmanTest } from '../statistics/friedman-test.ts';
import { interval, overFolds } from '../statistics/mean-interval.ts';
import { pairedDifference, type PairedDifference } from '../statistics/paired-tests.ts';
import { type BySeed, readRuns, type ReadRuns, type Runs } from './read-runs.ts';
import { tally, type Tally, type Verdict, verdictOf } from './verdict.ts';

const comparison = {
  /** The confidence of all intervals. The level of the verdicts is 1 − confidence. */
  confidence: interval.confidence,
  /** The number of resamples of the bootstrap. */
  resamples: bootstrap.resamples,
  /**
   * For folds in place of seeds: test rows over training rows, 1 / (k − 1) with k folds. The tests are then corrected resampled t tests
   * (Nadeau & Bengio 2003), and what takes seeds for independent is NaN: bootstrap bounds, and the tests of ranks.
   */
  testToTrain: overFolds.testToTrain,
  /** The seed of the bootstrap, from 0 to 2³² − 1. */
  seed: optional(number(), 0),
  /** With fewer shared seeds a task is `untested`: a t test over two or three of them rests on a deviation that nobody knows. */
  leastSeeds: optional(wholeNumber(2), 2),
};

export interface CompareOptions extends Written<typeof comparison>, FromDescription {}

type Resampling = Read<typeof bootstrap & typeof overFolds>;

/** The comparison of a model with the baseline on one task. */
export interface TaskComparison {
  /** The seeds that both have. Only these are compared. */
  readonly seeds: readonly string[];
  /** The seeds that only one of the two has. */
  readonly unpaired: { readonly model: readonly string[]; readonly baseline: readonly string[] };
  /** Model − baseline in the metric's unit: mean, t interval, paired t test. */
  readonly difference: PairedDifference;
  /** The bootstrap (BCa) interval of the same mean. */
  readonly bootstrap: BootstrapInterval;
  /** Holm's adjusted p value over all models and tasks of the comparison. */
  readonly adjustedPValue: number;
  /** The verdict of the t interval. `no difference` if the adjusted p value is above 1 − confidence. */
  readonly verdict: Verdict;
}

/** The comparison of a model with the baseline. */
export interface ModelComparison<Task extends string> extends Tally {
  readonly tasks: Readonly<Record<Task, TaskComparison>>;
  /** Δm over the seeds that both have in all tasks. Undefined without such a seed. */
  readonly gain: MultiTaskGainInterval<Task> | undefined;
}

/** The ranks of all models over tasks and seeds. */
export interface ModelRanks<Model extends string> {
  /** The mean rank over blocks. Rank 1 is the best. */
  readonly average: Readonly<Record<Model, number>>;
  /** The number of blocks. A block is a task and a seed for which every model has a value. */
  readonly blocks: number;
  /** The p value of Friedman's test in Iman & Davenport's form. */
  readonly pValue: number;
  /** Nemenyi's critical difference of average ranks. */
  readonly criticalDifference: number;
}

/** The result of `compareRuns`. */
export interface Comparison<Model extends string, Task extends string, Baseline extends Model = Model> {
  readonly baseline: Baseline;
  readonly confidence: number;
  /** The number of tests in Holm's correction. */
  readonly family: number;
  /** All models but the baseline. */
  readonly models: Readonly<
    Partial<Record<Model, ModelComparison<Task>>> & Record<Exclude<Model, Baseline>, ModelComparison<Task>>
  >;
  readonly ranks: ModelRanks<Model>;
}

const NO_DIFFERENCE: PairedDifference = { mean: NaN, low: NaN, high: NaN, deviation: NaN, n: 0, t: NaN, pValue: NaN };

/** The seeds that both columns have, in their common order. */
const sharedSeeds = (a: BySeed, b: BySeed): string[] => [...a.keys()].filter((seed) => b.has(seed));

/** Compares a model with the baseline on one task, before the correction for the number of tests. */
const compareTask = (
  model: BySeed,
  baseline: BySeed,
  config: Resampling,
): Omit<TaskComparison, 'adjustedPValue' | 'verdict'> => {
  const seeds = sharedSeeds(model, baseline);
  const values = (side: BySeed) => seeds.map((seed) => side.get(seed)!);
  const [ours, theirs] = [values(model), values(baseline)];
  const { confidence, testToTrain } = config;
  const differences = Float64Array.from(ours, (value, i) => value - theirs[i]!);
  return {
    seeds,
    unpaired: {
      model: [...model.keys()].filter((seed) => !baseline.has(seed)),
      baseline: [...baseline.keys()].filter((seed) => !model.has(seed)),
    },
    difference: seeds.length > 0 ? pairedDifference(ours, theirs, { confidence, testToTrain }) : NO_DIFFERENCE,
    bootstrap: bootstrapMean(differences, config),
  };
};

/** Ranks of all models over the tasks and seeds for which every model has a value. */
const rankModels = (
  { models, tasks, values }: ReadRuns,
  { confidence, testToTrain }: { readonly confidence: number; readonly testToTrain: number },
): ModelRanks<string> => {
  const blocks = [...tasks].flatMap(([task, direction]) => {
    const columns = models.map((model) => values(model, task));
    const seeds = [...columns[0]!.keys()].filter((seed) => columns.every((column) => column.has(seed)));
    return seeds.map((seed) => columns.map((column) => (direction === 'higher' ? 1 : -1) * column.get(seed)!));
  });
  const test = blocks.length > 0 ? friedmanTest(blocks, 'higher', { confidence }) : undefined;
  return {
    average: recordOf(models, (_, m) => test?.averageRanks[m] ?? NaN),
    blocks: test?.blocks ?? 0,
    pValue: (testToTrain > 0 ? undefined : test?.fPValue) ?? NaN,
    criticalDifference: (testToTrain > 0 ? undefined : test?.criticalDifference) ?? NaN,
  };
};

/** Δm over the seeds for which model and baseline have a value in every task. */
const gainOf = (
  { tasks, values }: ReadRuns,
  model: string,
  baseline: string,
  config: Resampling,
): MultiTaskGainInterval<string> | undefined => {
  const names = [...tasks.keys()];
  const seeds = sharedSeeds(values(model, names[0]!), values(baseline, names[0]!)).filter((seed) =>
    names.every((task) => values(model, task).has(seed) && values(baseline, task).has(seed)),
  );
  if (seeds.length === 0) return undefined;
  const columns = (side: string) => recordOf(names, (task) => seeds.map((seed) => values(side, task).get(seed)!));
  return multiTaskGainInterval(columns(model), columns(baseline), Object.fromEntries(tasks), config);
};

/**
 * Compares models with a baseline over the seeds that both were run with. The order of seeds, tasks and models changes no
 * number. The result has:
 *
 * - for each model and task: the paired difference, its t and bootstrap intervals, its p value and a verdict
 * - Holm's correction of the p values over all models and tasks
 * - for each model: wins, losses, seesaw, and the multi-task gain with its interval
 * - ranks over all models
 *
 * A verdict is `better` or `worse` only if the t interval excludes 0 and the adjusted p value is at most 1 − confidence.
 * The chance of even one false verdict in the whole comparison is then at most 1 − confidence.
 *
 * Papers: those of {@link pairedDifference}, {@link bootstrapInterval}, {@link holm}, {@link multiTaskGain},
 * {@link friedmanTest}.
 *
 * @param runs `{ baseline, tasks, scores }`, `scores[model][task][seed]`
 * @param config `{ confidence, resamples, seed, testToTrain, leastSeeds }`
 * @returns the comparison. With fewer than `leastSeeds` shared seeds or a NaN value, a task is `untested`. Undefined numbers are NaN
 * @throws PolytaskError on missing models or tasks, unknown directions, infinite values
 * @example
 * compareRuns({
 *   baseline: 'single',
 *   tasks: { ctr: 'higher' },
 *   scores: { single: { ctr: [0.71, 0.73, 0.72] }, adatt: { ctr: [0.74, 0.755, 0.75] } },
 * }).models.adatt.tasks.ctr.verdict === 'better'; // true
 */
export const compareRuns = <
  const Model extends string,
  const Task extends string,
  const Baseline extends NoInfer<Model>,
>(
  runs: Runs<Model, Task, Baseline>,
  config: CompareOptions = {},
): Comparison<Model, Task, Baseline> => {
  const { seed, leastSeeds, ...options } = readOptions(config, comparison, 'compareRuns');
  const { confidence } = options;
  const read = readRuns(runs);
  const others = read.models.filter((model) => model !== runs.baseline);
  // Each interval has its own random source of the same seed, so no interval depends on the other intervals.
  const resampling = (): Resampling => ({ ...options, method: 'bca', random: counterRandom(seed) });

  const pairs = others.flatMap((model) =>
    [...read.tasks].map(([task, direction]) => ({
      model,
      task,
      direction,
      raw: compareTask(read.values(model, task), read.values(runs.baseline, task), resampling()),
    })),
  );
  const adjusted = holm(pairs.map(({ raw }) => raw.difference.pValue));
  const comparisons = pairs.map(({ model, task, direction, raw }, i) => {
    const unadjusted = raw.seeds.length < leastSeeds ? 'untested' : verdictOf(raw.difference, direction);
    const verdict = unadjusted !== 'untested' && adjusted[i]! > 1 - confidence ? 'no difference' : unadjusted;
    return { model, task, comparison: { ...raw, adjustedPValue: adjusted[i]!, verdict } satisfies TaskComparison };
  });

  const ofModel = (model: string): ModelComparison<string> => {
    const tasks = comparisons.filter((each) => each.model === model);
    return {
      tasks: Object.fromEntries(tasks.map(({ task, comparison }) => [task, comparison])),
      gain: gainOf(read, model, runs.baseline, resampling()),
      ...tally(tasks.map(({ comparison }) => comparison.verdict)),
    };
  };
  return {
    baseline: runs.baseline,
    confidence,
    family: adjusted.filter((p) => !Number.isNaN(p)).length,
    models: recordOf(others, ofModel),
    ranks: rankModels(read, options),
  } as Comparison<Model, Task, Baseline>;
};
