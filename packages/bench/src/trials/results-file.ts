import { mkdir, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import { lastOfEach, lineKey, trialSchema, type TrialResult, type TrialStore } from '@polytask/study';
import { z } from 'zod';
import { appendLine } from './append-line.ts';

/**
 * The finished trials of a directory: `results.jsonl`, a line a trial, those of other processes as well. A trial that was run
 * again has a line for each run; the last one counts.
 */
export type ResultsFile = TrialStore;

/**
 * Opens the results of a directory, and makes it where there is none. A last line that a killed run left half written
 * is cut off: its trial is run again. A new line is there as a whole, and on the disk, or not at all.
 *
 * @throws PolytaskError naming the line of a file that isn't what this package wrote
 */
export async function openResults(directory: string): Promise<ResultsFile> {
  const file = path.join(directory, 'results.jsonl');
  await mkdir(directory, { recursive: true });
  const text = await textOf(file);
  if (text !== '' && !text.endsWith('\n'))
    await truncate(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  const read = async () => trialsOf(await textOf(file), file);
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
 * The finished trials of a directory that is left as it is.
 *
 * @throws PolytaskError when it has none, or a line that isn't what this package wrote
 */
export async function readResults(directory: string): Promise<TrialResult[]> {
  const file = path.join(directory, 'results.jsonl');
  const trials = trialsOf(await textOf(file), file);
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${file}`,
      received: 'none',
      mend: 'Name a directory that a run has written to (--out).',
    });
  return trials;
}

const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};

/** The whole lines; another process may be writing the last one. */
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
