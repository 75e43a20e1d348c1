import type { VisibleRows } from '../trials/sealed-rows.ts';
import { trainModel } from '../trials/train-model.ts';
import type { TrialHooks, TrialSpec } from '../trials/trial-spec.ts';

/**
 * The validation score of a configuration, that of its best epoch: the mean AUC over tasks, or the mean relative error. What
 * it is given has no test rows to look at.
 */
export async function runCandidate(rows: VisibleRows, spec: TrialSpec, hooks: TrialHooks = {}): Promise<number> {
  const { model, fitted } = await trainModel(rows, spec, hooks);
  model.dispose();
  return fitted.best?.value ?? NaN;
}
