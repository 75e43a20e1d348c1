import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WorkerLost } from '../workers/executor.ts';
import { trialKey, type TrialIdentity } from './trial-key.ts';

/** Keeps what a failed trial left behind. */
export interface FailureLog {
  /** @returns the file */
  write(trial: TrialIdentity, error: Error): Promise<string>;
}

/** Logs in `failed/` of a directory, each named by its trial's key: what the trial is, its error, what its process wrote. */
export const failureLog = (directory: string): FailureLog => ({
  async write(trial, error) {
    const file = path.join(directory, 'failed', `${trialKey(trial)}.log`);
    const written = error instanceof WorkerLost && error.log !== '' ? `\n\nIts process wrote:\n${error.log}` : '';
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      `${trial.suite}, ${trial.model}, seed ${trial.seed}\n${error.stack ?? error.message}${written}\n\n${JSON.stringify(trial.config, null, 2)}\n`,
    );
    return file;
  },
});
