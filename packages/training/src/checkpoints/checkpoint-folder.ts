import { inside } from '#platform';
import { fail, listFolder, removeFolder, writeParameters, type MultiTaskModel, type Tasks } from '@polytask/core';
import { CHECKPOINT, readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';

const STEP = /^step-(\d{8,})$/;

const nameOf = (step: number): string => `step-${String(step).padStart(8, '0')}`;

/** The complete checkpoints in a directory, oldest first. Folders of an interrupted write are left out. */
async function checkpointsIn(directory: string): Promise<{ name: string; step: number }[]> {
  const steps = (await listFolder(directory)).flatMap((name) => {
    const match = STEP.exec(name);
    return match ? [{ name, step: Number(match[1]) }] : [];
  });
  const isComplete = await Promise.all(
    steps.map(async ({ name }) => (await listFolder(inside(directory, name))).includes(CHECKPOINT)),
  );
  return steps.filter((_, i) => isComplete[i]).sort((a, b) => a.step - b.step);
}

/**
 * Finds the newest checkpoint in a directory. The directory may be a checkpoint itself.
 *
 * @returns the path, or undefined when there is no checkpoint
 */
export async function newestCheckpoint(directory: string): Promise<string | undefined> {
  if ((await listFolder(directory)).includes(CHECKPOINT)) return directory;
  const newest = (await checkpointsIn(directory)).at(-1);
  return newest && inside(directory, newest.name);
}

/** The directory for the checkpoints of a run. */
export class CheckpointFolder {
  #newest: string | undefined;

  constructor(
    readonly directory: string,
    readonly keep: number,
  ) {}

  /** The newest checkpoint of this run, or the checkpoint that the run resumes. */
  get newest(): string | undefined {
    return this.#newest;
  }

  /**
   * Checks the directory before the first step.
   *
   * @param step the number of steps done before the run
   * @param from the checkpoint that the run resumes
   * @throws PolytaskError when the directory has later checkpoints, of another run
   */
  async open(step: number, from: string | undefined): Promise<void> {
    const newest = (await checkpointsIn(this.directory)).at(-1);
    if (newest && (from === undefined || newest.step > step)) {
      fail({
        expected: `no checkpoints${from === undefined ? '' : ` after step ${step}`} in "${this.directory}" before this run`,
        received: newest.name,
        mend: 'Pass resume: true to go on from it, remove it, or choose another directory.',
      });
    }
    this.#newest = from;
  }

  /** Writes a checkpoint, then removes the oldest checkpoints above the limit. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const path = inside(this.directory, nameOf(checkpoint.state.step));
    await writeCheckpoint(path, checkpoint);
    this.#newest = path;
    const all = await checkpointsIn(this.directory);
    for (const { name } of all.slice(0, Math.max(0, all.length - this.keep)))
      await removeFolder(inside(this.directory, name));
  }
}

/**
 * Loads the weights of a checkpoint into a model, such as the last checkpoint before a run diverged. To continue the run
 * itself, pass `resume` to `fit`.
 *
 * @param directory a checkpoint, or a directory of checkpoints. Of several checkpoints, the newest is loaded
 * @throws PolytaskError when there is no checkpoint, the checkpoint is damaged, or the weights don't fit the model
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
