import { inside, list, remove } from '#platform';
import { fail } from '@polytask/core';
import { CHECKPOINT, writeCheckpoint, type Checkpoint } from './checkpoint.ts';

const STEP = /^step-(\d{8,})$/;

const nameOf = (step: number): string => `step-${String(step).padStart(8, '0')}`;

/** The whole checkpoints in a directory, oldest first; folders whose writing was interrupted are left out. */
async function checkpointsIn(directory: string): Promise<{ name: string; step: number }[]> {
  const steps = (await list(directory)).flatMap((name) => {
    const match = STEP.exec(name);
    return match ? [{ name, step: Number(match[1]) }] : [];
  });
  const whole = await Promise.all(
    steps.map(async ({ name }) => (await list(inside(directory, name))).includes(CHECKPOINT)),
  );
  return steps.filter((_, i) => whole[i]).sort((a, b) => a.step - b.step);
}

/**
 * The checkpoint that a directory means: itself if it is one, or the newest in it.
 *
 * @returns undefined when there is none
 */
export async function newestCheckpoint(directory: string): Promise<string | undefined> {
  if ((await list(directory)).includes(CHECKPOINT)) return directory;
  const newest = (await checkpointsIn(directory)).at(-1);
  return newest && inside(directory, newest.name);
}

/** The directory that a run writes its checkpoints to. */
export class CheckpointFolder {
  #newest: string | undefined;

  constructor(
    readonly directory: string,
    readonly keep: number,
  ) {}

  /** The newest checkpoint of this run, or the one that it went on from. */
  get newest(): string | undefined {
    return this.#newest;
  }

  /**
   * Call it before the first step.
   *
   * @param step that the run starts after
   * @param from the checkpoint that it goes on from
   * @throws PolytaskError when there are later checkpoints, which this run would be mixed up with
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

  /** Writes a checkpoint, and removes those that are too many now. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const path = inside(this.directory, nameOf(checkpoint.state.step));
    await writeCheckpoint(path, checkpoint);
    this.#newest = path;
    const all = await checkpointsIn(this.directory);
    for (const { name } of all.slice(0, Math.max(0, all.length - this.keep)))
      await remove(inside(this.directory, name));
  }
}
