import { requireBetween, requireCount } from '../input/config.ts';
import { multiTaskGainInterval, type MultiTaskGainInterval } from '../multi-task/multi-task-gain-interval.ts';
import { holm } from '../statistics/adjusted-p-values.ts';
import type { BootstrapConfig } from '../statistics/bootstrap-interval.ts';
import { counterRandom } from '../statistics/counter-random.ts';
import { compareTask, sharedSeeds } from './compare-task.ts';
import type { CompareConfig, Comparison, ModelComparison, Runs, TaskComparison } from './comparison.ts';
import { rankModels } from './rank-models.ts';
import { readRuns, type ReadRuns } from './read-runs.ts';
import { tally, verdictOf } from './verdict.ts';

/** Δm over the seeds that both have in every task. */
const gainOf = (
  { tasks, values }: ReadRuns,
  model: string,
  baseline: string,
  config: BootstrapConfig,
): MultiTaskGainInterval<string> | undefined => {
  const names = [...tasks.keys()];
  const seeds = sharedSeeds(values(model, names[0]!), values(baseline, names[0]!)).filter((seed) =>
    names.every((task) => values(model, task).has(seed) && values(baseline, task).has(seed)),
  );
  if (seeds.length === 0) return undefined;
  const columns = (side: string) =>
    Object.fromEntries(names.map((task) => [task, seeds.map((seed) => values(side, task).get(seed)!)]));
  return multiTaskGainInterval(columns(model), columns(baseline), Object.fromEntries(tasks), config);
};

/**
 * Compares models with a baseline over the seeds that both were run with: for each model and task the paired difference
 * with its t and bootstrap intervals, its p value, Holm's correction over all models and tasks, and a verdict; for each
 * model wins, losses, seesaw, and the multi-task gain with its interval; ranks over all. The order in which seeds, tasks
 * and models are given changes no number.
 *
 * A verdict is `better` or `worse` only if the t interval leaves 0 out and the adjusted p value agrees, so that in the
 * whole comparison one false claim comes up with a chance of at most 1 − confidence.
 *
 * Papers: those of {@link pairedDifference}, {@link bootstrapInterval}, {@link holm}, {@link multiTaskGain},
 * {@link friedmanTest}.
 *
 * @param runs `{ baseline, tasks, scores }`, `scores[model][task][seed]`
 * @param config `{ confidence, resamples, seed }`
 * @returns with one shared seed or an undefined value a task is `untested`; other numbers are NaN where undefined
 * @throws MetricError on missing models or tasks, unknown directions, infinite values
 * @example
 * compareRuns({ baseline: 'single', tasks: { ctr: 'higher' }, scores: { single: { ctr: [0.71, 0.73, 0.72] }, adatt: { ctr: [0.74, 0.755, 0.75] } } }).models.adatt.tasks.ctr.verdict === 'better'; // true
 */
export const compareRuns = <
  const Model extends string,
  const Task extends string,
  const Baseline extends NoInfer<Model>,
>(
  runs: Runs<Model, Task, Baseline>,
  config: CompareConfig = {},
): Comparison<Model, Task, Baseline> => {
  const { confidence = 0.95, resamples = 10_000, seed = 0 } = config;
  requireBetween('compareRuns', 'confidence', confidence, 0, 1);
  requireCount('compareRuns', 'resamples', resamples);
  const read = readRuns(runs);
  const others = read.models.filter((model) => model !== runs.baseline);
  // Each interval draws the same seeds anew, so that none depends on which others are asked for.
  const drawing = (): BootstrapConfig => ({ confidence, resamples, random: counterRandom(seed) });

  const cells = others.flatMap((model) =>
    [...read.tasks].map(([task, direction]) => ({
      model,
      task,
      direction,
      raw: compareTask(read.values(model, task), read.values(runs.baseline, task), drawing()),
    })),
  );
  const adjusted = holm(cells.map(({ raw }) => raw.difference.pValue));
  const compared = cells.map(({ model, task, direction, raw }, i) => {
    const found = verdictOf(raw.difference, direction);
    const verdict = found !== 'untested' && adjusted[i]! > 1 - confidence ? 'no difference' : found;
    return { model, task, comparison: { ...raw, adjustedPValue: adjusted[i]!, verdict } satisfies TaskComparison };
  });

  const ofModel = (model: string): ModelComparison<string> => {
    const mine = compared.filter((cell) => cell.model === model);
    return {
      tasks: Object.fromEntries(mine.map(({ task, comparison }) => [task, comparison])),
      gain: gainOf(read, model, runs.baseline, drawing()),
      ...tally(mine.map(({ comparison }) => comparison.verdict)),
    };
  };
  return {
    baseline: runs.baseline,
    confidence,
    family: adjusted.filter((p) => !Number.isNaN(p)).length,
    models: Object.fromEntries(others.map((model) => [model, ofModel(model)])),
    ranks: rankModels(read, confidence),
  } as Comparison<Model, Task, Baseline>;
};
