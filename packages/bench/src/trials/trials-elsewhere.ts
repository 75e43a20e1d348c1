import type { DeclaredTrial } from './declare-trials.ts';
import { readResults } from './results-file.ts';
import type { Trial } from './trial.ts';
import { workKey } from './trial-key.ts';

/**
 * The finished trials of other directories: one that has done the same, under whatever name and in whichever suite, need not
 * be run again.
 *
 * @returns such a trial under its new name, or undefined
 * @throws PolytaskError when a directory has no results
 */
export async function trialsElsewhere(
  directories: readonly string[],
): Promise<(declared: DeclaredTrial) => Trial | undefined> {
  const known = new Map<string, Trial>();
  for (const directory of directories)
    for (const trial of await readResults(directory)) known.set(workKey(trial), trial);
  return ({ identity, setting }) => {
    const found = known.get(workKey(identity));
    if (!found) return undefined;
    const { setting: _, ...measured } = found;
    return { ...(setting !== '' && { setting }), ...measured, ...identity };
  };
}
