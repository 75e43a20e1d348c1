import { readOptions, fail, type Options } from '@polytask/core';
import {
  type ModelReference,
  pairRelations,
  type RunOutcome,
  shownAs,
  type Suite,
  taskGroups,
  TOGETHER_MODELS,
  togetherDocument,
  type TogetherReport,
  trainRelations,
} from '@polytask/study';
import { openOnly, runResolved } from '../run-suite.ts';
import { readSuite, type RunOptions, runOptions } from '../run-options.ts';

const { together: TOGETHER, apart: APART, groups: GROUPS } = TOGETHER_MODELS;

const LEFT_OUT = [
  ...(['models', 'balancers', 'experts', 'gates', 'baseline', 'folds'] as const),
  ...(['reuse', 'keepPredictions', 'externals', 'queue', 'shard'] as const),
];

/** The options of {@link whichTogether}: those of `runSuite`, but for the models and what else is compared. */
export type TogetherOptions = Omit<RunOptions, (typeof LEFT_OUT)[number]>;

export const togetherOptions = Object.fromEntries(
  Object.entries(runOptions).filter(([name]) => !(LEFT_OUT as readonly string[]).includes(name)),
) as unknown as Options<TogetherOptions>;

export const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/**
 * Finds out which tasks should share layers. First it trains shared-bottom with each seed, and measures how the tasks' gradients relate
 * on validation rows. Then it compares the proposed groups with all tasks together and all apart, on the test rows of the same seeds.
 *
 * @param options `seeds`: default 1 to 10. With `out`, the trials of the comparison and its report are there, and a second call goes on
 * @throws PolytaskError for fewer than three tasks, for a suite of several settings, and as `runSuite` does
 * @example
 * const { groups, pairs } = await whichTogether({ suite: 'people.json' });
 * groups; // [['click', 'like'], ['watch']], or undefined: can't tell
 */
export async function whichTogether(
  options: TogetherOptions,
): Promise<TogetherReport & { readonly outcome: RunOutcome }> {
  readOptions(options, togetherOptions, 'whichTogether');
  const { seeds = SEEDS, listener, signal } = options;
  const { suite, data, open } = await openOnly({ ...options, seeds, models: [TOGETHER], baseline: TOGETHER });
  const { tasks } = open;
  if (tasks.length < 3)
    fail({
      expected: 'three tasks or more, which can be grouped',
      received: tasks.join(', '),
      fix: 'Of two tasks, compare shared-bottom with single-task: polytask bench --models single-task,shared-bottom.',
    });
  let done = 0;
  const onSeed = (seed: number) =>
    listener?.onNote?.(`Gradients of ${TOGETHER}, seed ${seed}: ${++done} of ${seeds.length} trainings.`);
  const pairs = pairRelations(tasks, await trainRelations(open, { data, onSeed, signal }));
  const groups = taskGroups(tasks, pairs);
  const models = modelsOf(suite, groups);
  const run: RunOptions = { ...options, suite: options.suite ?? suite.entry, seeds, models, baseline: TOGETHER };
  const proof = await readSuite(run);
  const outcome = await runResolved(proof, run);
  const trials = outcome.trials.filter(({ model }) => proof.models.some(({ label }) => label === model)); // not of earlier groups
  return shownAs({ tasks, seeds: seeds.length, pairs, groups, trials, outcome }, togetherDocument);
}

/** All tasks apart, all together, and the groups. Groups of one task each, and one group of all, are there already. */
function modelsOf({ settings }: Suite, groups: readonly (readonly string[])[] | undefined): ModelReference[] {
  const isNew = groups && groups.length > 1 && groups.some((group) => group.length > 1);
  const branches = settings[0]!.size.levels.map(() => groups);
  return [APART, TOGETHER, ...(isNew ? [{ model: 'branched', as: GROUPS, network: { branches } }] : [])];
}
