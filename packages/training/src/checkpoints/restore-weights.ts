import { fail, writeParameters, type MultiTaskModel, type Tasks } from '@polytask/core';

/**
 * Loads the weights of a checkpoint into a model, such as the last checkpoint before a run diverged. To continue the run
 * itself, pass `resume` to `fit`. A run whose optimizer has an `ema` goes on with weights that are not averaged: these are restored.
 *
 * @param directory a checkpoint, or a directory of checkpoints. Of several checkpoints, the newest whole one is loaded
 * @throws PolytaskError when there is no checkpoint, the checkpoint is damaged, or the weights don't fit the model
 * @example await restoreWeights(model, 'runs/people')
 */
export async function restoreWeights<T extends Tasks>(model: MultiTaskModel<T>, directory: string): Promise<void> {
  const { readNewest } = await import('./checkpoint.ts'); // most pages train without checkpoints
  const found =
    (await readNewest(directory)) ??
    fail({
      expected: `a checkpoint in "${directory}"`,
      received: 'none',
      fix: 'Pass the directory that fit wrote checkpoints to.',
    });
  const { parameters, random } = found.checkpoint;
  writeParameters(model.store, parameters, `The checkpoint "${found.path}"`, { adopt: true });
  model.store.restoreStreams(random);
}
