import { checkOptions, checks, fail, type Options, suggestion } from '@polytask/core';
import {
  conditionedRuns,
  openSetting,
  type RunOutcome,
  trainedRuns,
  tradeOffPoints,
  type TradeOffsReport,
  weightedModels,
} from '@polytask/study';
import { openRun } from '../open-run.ts';
import { checkOneSetting, readSuite, type RunOptions } from '../run-options.ts';
import { runResolved } from '../run-suite.ts';
import { SEEDS, type TogetherOptions, togetherOptions } from '../together/which-together.ts';

/** The options of {@link tradeOffs}: those of `whichTogether`, with models, a task and its weights. */
export interface TradeOffsOptions extends TogetherOptions, Pick<RunOptions, 'models'> {
  /** The task that is weighed against the others. Default: the first one. */
  readonly task?: string | undefined;
  /** The weights of the task, two or more, from 0 to 1. The others share the rest. Default .1, .3, .5, .7, .9. */
  readonly weights?: readonly number[] | undefined;
}

/** The check of the weights of a task. */
export const taskWeights = checks.listOf(
  checks.number('a weight from 0 to 1', (value) => value >= 0 && value <= 1),
  2,
);

const tradeOffsOptions: Options<TradeOffsOptions> = {
  ...togetherOptions,
  models: checks.anything, // readSuite checks them
  task: checks.anything,
  weights: checks.optional(taskWeights),
};

/**
 * Measures the trade-off between one task and the others. Each model is trained with each weight of the task and each seed, and once more
 * for each seed as one model that takes the weights as an input. All are measured on test rows, and compared seed by seed.
 *
 * @param options `models`: default mmoe; `seeds`: default 1 to 10. With `out`, the trials with fixed weights and their report are there,
 *   and a second call goes on
 * @throws PolytaskError for one task, for a suite of several settings, for a model that trains itself, and as `runSuite` does
 * @example
 * const { points } = await tradeOffs({ suite: 'people.json', task: 'income' });
 * points.filter(({ isOnFront }) => isOnFront).map(({ weight }) => weight); // [0.3, 0.5, 0.7]
 */
export async function tradeOffs(
  options: TradeOffsOptions,
): Promise<TradeOffsReport & { readonly outcome: RunOutcome }> {
  checkOptions(options, tradeOffsOptions, 'tradeOffs');
  const { task: named, weights: given = [0.1, 0.3, 0.5, 0.7, 0.9], ...others } = options;
  const weights = [...new Set(given)].sort((a, b) => a - b);
  const { seeds = SEEDS, models = ['mmoe'], listener, signal } = others;
  const run: RunOptions = { ...others, seeds, models };
  const suite = await readSuite(run);
  checkOneSetting(suite);
  const itself = suite.models.find(({ row }) => row.trainsItself);
  if (itself)
    fail({
      expected: 'models that are trained on a weighted sum of losses',
      received: `${itself.label}, which trains itself`,
      mend: 'Leave it out.',
    });
  const { engine, data, code } = await openRun(suite, run);
  const open = await openSetting(suite, suite.settings[0]!, engine, data, code);
  const { tasks } = open;
  const task = named ?? tasks[0]!;
  if (tasks.length < 2 || !tasks.includes(task))
    fail({
      expected: 'two tasks or more, and the name of one of them',
      received: `${task}, of ${tasks.join(', ')}`,
      mend: suggestion(task, tasks),
    });
  let done = 0;
  const onTraining = (model: string, seed: number) =>
    listener?.onNote?.(
      `One model of all weights: ${model}, seed ${seed}: ${++done} of ${suite.models.length * seeds.length} trainings.`,
    );
  const conditioned = await conditionedRuns(open, weights, task, data, onTraining, signal);
  const weighted = weightedModels(suite.models, weights, task, tasks);
  const order = weighted.map(({ label }) => label);
  const baseline = order[Math.floor(weights.length / 2)]!;
  const outcome = await runResolved({ ...suite, models: weighted, allModels: weighted, order, baseline }, run);
  const measure = open.common.training.selection;
  const points = tradeOffPoints([...trainedRuns(outcome.trials, weighted, measure), ...conditioned], task, measure);
  return { task, others: tasks.filter((name) => name !== task), measure, seeds: seeds.length, points, outcome };
}
