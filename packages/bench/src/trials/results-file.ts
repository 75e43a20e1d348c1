import { mkdir, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@polytask/core';
import { z } from 'zod';
import { appendLine } from './append-line.ts';
import { trialSchema, type Trial } from './trial.ts';

/** The finished trials of a directory: `results.jsonl`, a line a trial. */
export interface ResultsFile {
  /** All finished trials, those of other processes as well. */
  read(): Promise<Trial[]>;
  /** The line is there as a whole, and on the disk, or not at all. */
  append(trial: Trial): Promise<void>;
}

/**
 * Opens the results of a directory, and makes it where there is none. A last line that a killed run left half written
 * is cut off: its trial is run again.
 *
 * @throws PolytaskError naming the line of a file that isn't what this package wrote
 */
export async function openResults(directory: string): Promise<ResultsFile> {
  const file = path.join(directory, 'results.jsonl');
  await mkdir(directory, { recursive: true });
  const text = await textOf(file);
  if (text !== '' && !text.endsWith('\n'))
    await truncate(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  return {
    read: async () => trialsOf(await textOf(file), file),
    append: (trial) => appendLine(file, JSON.stringify(trial)),
  };
}

/**
 * The finished trials of a directory that is left as it is.
 *
 * @throws PolytaskError when it has none, or a line that isn't what this package wrote
 */
export async function readResults(directory: string): Promise<Trial[]> {
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

const trialsOf = (text: string, file: string): Trial[] =>
  linesOf(text).map((line, i) => parse(line, `${file}:${i + 1}`));

function parse(line: string, where: string): Trial {
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
