import { anything, listOf, optional, type Options, readOptions, share } from '@polytask/components';
import {
  conditionedRuns,
  type RunOutcome,
  shownAs,
  summarizeTradeOffs,
  tradeOffsDocument,
  type TradeOffsReport,
  type Weighing,
  weightedSuite,
} from '@polytask/study';
import { openOnly, runResolved } from '../run-suite.ts';
import type { RunOptions } from '../run-options.ts';
import { SEEDS, type TogetherOptions, togetherOptions } from '../together/which-together.ts';

/** The options of {@link tradeOffs}: those of `whichTogether`, with models, a task and its weights. */
export interface TradeOffsOptions extends TogetherOptions, Pick<RunOptions, 'models'>, Weighing {}

export const taskWeights = listOf(share, 2);

const tradeOffsOptions: Options<TradeOffsOptions> = {
  ...togetherOptions,
  models: anything, // readSuite checks them
  task: anything,
  weights: optional(taskWeights),
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
  readOptions(options, tradeOffsOptions, 'tradeOffs');
  const { task, weights, ...others } = options;
  const { seeds = SEEDS, models = ['mmoe'], listener, signal } = others;
  const run: RunOptions = { ...others, seeds, models };
  const { suite, data, open } = await openOnly(run);
  const weighted = weightedSuite(suite, open, { task, weights });
  let done = 0;
  const onTraining = (model: string, seed: number) =>
    listener?.onNote?.(
      `One model of all weights: ${model}, seed ${seed}: ${++done} of ${suite.models.length * seeds.length} trainings.`,
    );
  const conditioned = await conditionedRuns(open, weighted, data, onTraining, signal);
  const outcome = await runResolved(weighted.suite, run);
  const report = { ...summarizeTradeOffs(weighted, outcome.trials, conditioned), seeds: seeds.length, outcome };
  return shownAs(report, tradeOffsDocument);
}
