import { evaluate } from '@polytask/training';
import type { SealedTest, VisibleRows } from './sealed-rows.ts';
import { type Environment, testModel } from './test-model.ts';
import { trainModel } from './train-model.ts';
import type { TrialResult } from './trial-result.ts';
import type { TrainingHooks, TrialSpec } from './trial-spec.ts';

/**
 * Runs a trial: trains a model on the rows of one seed, chooses the epoch on the validation rows, and then evaluates the model on the
 * test rows once. The seed also sets the initial weights and the order of the batches.
 *
 * @throws PolytaskError when the model can't be built, or training diverges
 * @example await runTrial(sealedRows(await rowsOfSpec(data, spec)), spec, { versions: {} });
 */
export async function runTrial(
  { test: sealed, ...visible }: VisibleRows & { readonly test: SealedTest },
  spec: TrialSpec,
  environment: Environment,
  hooks: TrainingHooks = {},
): Promise<TrialResult> {
  const trained = await trainModel(visible, spec, hooks);
  try {
    await hooks.onTrained?.(trained.model);
    const test = sealed.open();
    const { trial, predictions } = await testModel({ trained, visible, test, spec, environment });
    if (!spec.keepPredictions) return trial;
    const { tasks } = visible.train.schema;
    const { validation } = visible;
    const onValidation = await evaluate(trained.model, validation, { engine: spec.mode, predictions: true });
    return {
      ...trial,
      predictions: {
        tasks,
        validation: { size: validation.size, byTask: onValidation.predictions, groups: undefined },
        test: { size: test.rows.size, byTask: predictions, groups: test.groups },
      },
    };
  } finally {
    trained.model.dispose();
  }
}

/**
 * Trains a configuration of a search. It cannot read the test rows.
 *
 * @returns the validation score of the best epoch: the mean AUC or relative error over tasks; NaN without a score
 * @throws as {@link runTrial} does
 * @example await runCandidate(visibleRows(await rowsOfSpec(data, spec)), spec);
 */
export async function runCandidate(rows: VisibleRows, spec: TrialSpec, hooks: TrainingHooks = {}): Promise<number> {
  const { model, fitted } = await trainModel(rows, spec, hooks);
  model.dispose();
  return fitted.best?.value ?? NaN;
}
