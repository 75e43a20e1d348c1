import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WorkerLost, type FailureLog } from '@polytask/study';

/** Logs in `failed/` of a directory, each named by its trial's key: what the trial is, its error, what its process wrote. */
export const failureLog =
  (directory: string): FailureLog =>
  async ({ key, suite, model, seed, config }, error) => {
    const file = path.join(directory, 'failed', `${key}.log`);
    const written = error instanceof WorkerLost && error.log !== '' ? `\n\nIts process wrote:\n${error.log}` : '';
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      `${suite}, ${model}, seed ${seed}\n${error.stack ?? error.message}${written}\n\n${JSON.stringify(config, null, 2)}\n`,
    );
    return file;
  };
