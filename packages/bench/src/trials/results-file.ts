import { mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import {
  type FailureLog,
  lastOfEach,
  lineKey,
  trialSchema,
  type TrialResult,
  type TrialStore,
  WorkerLost,
} from '@polytask/study';
import { z } from 'zod';
import { appendLine, readText } from '../text-files.ts';

/**
 * The finished trials of a directory: `results.jsonl`, with a line for each trial. Other processes may add lines. A repeated trial has
 * several lines, of which the last one counts.
 */
export type ResultsFile = TrialStore;

/**
 * Opens the results of a directory, and creates a missing directory. It removes an incomplete last line, which a killed run left.
 * A new line is written to the disk as a whole, or not at all.
 *
 * @throws PolytaskError when a line isn't a trial, with the number of the line
 * @example const trials = await (await openResults('results')).read();
 */
export async function openResults(directory: string): Promise<ResultsFile> {
  const file = path.join(directory, 'results.jsonl');
  await mkdir(directory, { recursive: true });
  const text = await readText(file);
  if (text !== '' && !text.endsWith('\n'))
    await truncate(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  const read = async () => trialsOf(await readText(file), file);
  let keys: Promise<Set<string>> | undefined;
  return {
    read,
    async append(trial, { replace = false } = {}) {
      keys ??= read().then((trials) => new Set(trials.map(lineKey)));
      const [stored, key] = [await keys, lineKey(trial)];
      if (stored.has(key) && !replace) return;
      stored.add(key);
      await appendLine(file, JSON.stringify(trial));
    },
  };
}

/**
 * Reads the finished trials of a directory, and changes nothing.
 *
 * @throws PolytaskError when there are none, or when a line isn't a trial
 */
export async function readResults(directory: string): Promise<TrialResult[]> {
  const file = path.join(directory, 'results.jsonl');
  const trials = trialsOf(await readText(file), file);
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${file}`,
      received: 'none',
      mend: 'Name a directory that a run has written to (--out).',
    });
  return trials;
}

/**
 * Logs of failed trials in the folder `failed/` of a directory. A log has the trial's key as its name, and contains the trial, its
 * error, and the output of its process.
 */
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

/** The complete lines. Another process may be writing the last line. */
const linesOf = (text: string): string[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);

const trialsOf = (text: string, file: string): TrialResult[] =>
  lastOfEach(linesOf(text).map((line, i) => parse(line, `${file}:${i + 1}`)));

function parse(line: string, where: string): TrialResult {
  const mend = 'Mend or remove the line, or write to another directory.';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    fail({ expected: `a trial as JSON in ${where}`, received: `something else (${(error as Error).message})`, mend });
  }
  const result = trialSchema.safeParse(value);
  if (result.success) return result.data;
  return fail({
    expected: `a trial in ${where}`,
    received: `something else (${z.prettifyError(result.error).replaceAll('\n', ' ')})`,
    mend,
  });
}
