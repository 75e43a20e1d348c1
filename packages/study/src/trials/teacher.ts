import { gradientBoosting } from '@polytask/baselines';
import { fail, kindOf, multiTaskModel, trainerOf, type Examples, type Task } from '@polytask/core';
import { earlyStopping, fit, softLabels, takesSoftLabels } from '@polytask/training';
import { trainingOf } from '../results/trial-key.ts';
import type { VisibleRows } from './sealed-rows.ts';
import type { TrialSpec } from './trial-spec.ts';

/** Rows that were taught, by how. The models of a comparison share them, as they share their training rows. */
const known = new WeakMap<Examples, Map<string, Promise<Examples>>>();

/**
 * The training rows of a trial, with the labels of its teacher: gradient boosting of five folds, which stops early on the validation rows.
 * They are the training rows themselves where the trial has no teacher, and for a network that brings its training.
 *
 * @throws PolytaskError when trees can't teach any task; the reason of the signal
 */
export function taughtRows(
  { train, validation }: VisibleRows,
  { config, seed, mode }: Pick<TrialSpec, 'config' | 'seed' | 'mode'>,
  signal?: AbortSignal,
): Promise<Examples> | Examples {
  const { teacher: share, selection, patience } = trainingOf(config);
  if (share === undefined || trainerOf(config.model.network)) return train;
  const { features, tasks: all } = train.schema;
  const tasks = Object.fromEntries(
    Object.entries(all).flatMap(([name, task]) => {
      const { loss: _, ...usual } = task;
      return canBeTaught(task) ? [[name, usual]] : [];
    }),
  );
  if (Object.keys(tasks).length === 0)
    fail({
      expected: 'a task that trees can teach: yes or no, a count, or a number with the squared loss',
      received: Object.entries(all)
        .map(([name, { kind }]) => `${name} (${kind})`)
        .join(', '),
      mend: 'Leave the teacher out.',
    });
  const key = JSON.stringify([share, seed, mode, selection, patience]);
  if (!known.has(train)) known.set(train, new Map());
  const rowsByKey = known.get(train)!;
  const teach = async (rows: Examples) => {
    const model = multiTaskModel({ schema: { features, tasks }, ...gradientBoosting(), seed });
    const stopping = earlyStopping({ metric: selection, patience });
    await fit(model, rows, { validation, stopping, engine: mode, progress: false, ...(signal && { signal }) });
    return model;
  };
  const taught = rowsByKey.get(key) ?? softLabels(train, teach, { share, seed, engine: mode });
  rowsByKey.set(key, taught);
  taught.catch(() => rowsByKey.delete(key)); // another trial may try again
  return taught;
}

/** Whether trees give the expectation of the label, and the loss of the task takes one. */
function canBeTaught(task: Task): boolean {
  const boosting = kindOf(task).boosting?.(task);
  return boosting !== undefined && (boosting.weight?.(1) ?? 1) === 1 && takesSoftLabels(task);
}
