import { fail, writeParameters, type MultiTaskModel, type Tasks } from '@polytask/core';
import { readCheckpoint } from './checkpoint.ts';
import { newestCheckpoint } from './checkpoint-folder.ts';

/**
 * Gives a model the weights of a checkpoint, such as the last good one before a run diverged. To go on with the run itself,
 * pass `resume` to `fit`.
 *
 * @param directory a checkpoint, or a directory of them, of which the newest is taken
 * @throws PolytaskError when there is none, it is damaged, or its weights don't fit the model
 * @example await restoreWeights(model, 'runs/people')
 */
export async function restoreWeights<T extends Tasks>(model: MultiTaskModel<T>, directory: string): Promise<void> {
  const path = await newestCheckpoint(directory);
  if (path === undefined) {
    fail({
      expected: `a checkpoint in "${directory}"`,
      received: 'none',
      mend: 'Pass the directory that fit wrote checkpoints to.',
    });
  }
  const { parameters, random } = await readCheckpoint(path);
  writeParameters(model.store, parameters, `The checkpoint "${path}"`);
  model.store.restoreStreams(random);
}
