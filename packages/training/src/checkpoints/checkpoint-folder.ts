import { inside, notice } from '#platform';
import { fail, PolytaskError, listFolder, moveFolder, removeFolder } from '@polytask/core';
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

/** The checkpoint that a run resumes. */
export interface FoundCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Later checkpoints that can't be read. */
  readonly damaged: readonly string[];
}

/**
 * Reads the newest checkpoint in a directory. The directory may be a checkpoint itself. A damaged checkpoint is left out when the
 * directory has an earlier one that is whole, and a notice says so.
 *
 * @returns undefined when there is no checkpoint
 * @throws PolytaskError when all checkpoints are damaged, with what is wrong with the newest
 */
export async function readNewest(directory: string): Promise<FoundCheckpoint | undefined> {
  if ((await listFolder(directory)).includes(CHECKPOINT)) {
    return { path: directory, checkpoint: await readCheckpoint(directory), damaged: [] };
  }
  const damaged: { path: string; error: PolytaskError }[] = [];
  for (const { name } of (await checkpointsIn(directory)).reverse()) {
    const path = inside(directory, name);
    try {
      const checkpoint = await readCheckpoint(path);
      if (damaged[0]) notice(`${damaged[0].error.message} The checkpoint "${path}" is taken instead.`);
      return { path, checkpoint, damaged: damaged.map((each) => each.path) };
    } catch (error) {
      if (!(error instanceof PolytaskError)) throw error;
      damaged.push({ path, error });
    }
  }
  if (damaged[0]) throw damaged[0].error;
  return undefined;
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
   * Checks the directory before the first step. Damaged checkpoints are renamed to `step-….damaged`.
   *
   * @param from the checkpoint that the run resumes
   * @throws PolytaskError when the directory has later checkpoints, of another run
   */
  async open(from: FoundCheckpoint | undefined): Promise<void> {
    for (const path of from?.damaged ?? []) {
      await removeFolder(`${path}.damaged`);
      await moveFolder(path, `${path}.damaged`);
    }
    const step = from?.checkpoint.state.step ?? 0;
    const newest = (await checkpointsIn(this.directory)).at(-1);
    if (newest && (from === undefined || newest.step > step)) {
      fail({
        expected: `no checkpoints${from === undefined ? '' : ` after step ${step}`} in "${this.directory}" before this run`,
        received: newest.name,
        fix: 'Pass resume: true to go on from it, remove it, or choose another directory.',
      });
    }
    this.#newest = from?.path;
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
