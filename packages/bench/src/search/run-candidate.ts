import type { VisibleRows } from '../trials/sealed-rows.ts';
import { trainModel } from '../trials/train-model.ts';
import type { TrialHooks, TrialJob } from '../trials/trial-job.ts';

/**
 * The validation score of a configuration, that of its best epoch: the mean AUC over tasks, or the mean loss. What it is
 * given has no test rows to look at.
 */
export async function runCandidate(
  rows: VisibleRows,
  job: Omit<TrialJob, 'request'>,
  hooks: TrialHooks = {},
): Promise<number> {
  const { model, fitted } = await trainModel(rows, job, hooks);
  model.dispose();
  return fitted.best?.value ?? NaN;
}
