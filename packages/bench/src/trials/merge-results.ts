import { openFolder } from '@polytask/core';
import { lineOf, mergePlans, outcomeOf, placeOf, type RunOutcome, type StudyPlan } from '@polytask/study';
import { writeOutcome, readPlan, writePlan, addResults, resultsIn } from './run-files.ts';

/** A merged study. */
export interface MergedStudy {
  readonly outcome: RunOutcome;
  /** The planned trials that no directory has. */
  readonly missing: StudyPlan['trials'];
}

/**
 * Puts the parts of a study together, such as its shards: results, searches, and a report of all of them. The parts stay as they are,
 * and a later run with the new directory as `out` goes on from there.
 *
 * @param directories the `out` directories of the parts
 * @param out the directory of the whole study. Trials that it has already stay
 * @throws PolytaskError for a directory without a plan or results, and for parts of several suites or engines
 * @example const { outcome, missing } = await mergeResults(['shard-1', 'shard-2'], 'results');
 */
export async function mergeResults(directories: readonly string[], out: string): Promise<MergedStudy> {
  const plans = await Promise.all(directories.map(readPlan));
  const plan = mergePlans(plans.map((each) => each.plan));
  const parts = (await Promise.all(directories.map(resultsIn))).flat();
  return openFolder(out).write(async (writer) => {
    const trials = await addResults(writer, out, parts);
    const outcome = outcomeOf(plan, trials);
    await writePlan(writer, { plan, started: Math.min(...plans.map(({ started }) => started)), there: 0 });
    await writeOutcome(out, writer, outcome);
    const lines = new Set(trials.map(placeOf));
    return { outcome, missing: plan.trials.filter(({ setting, key }) => !lines.has(lineOf(setting, key))) };
  });
}
