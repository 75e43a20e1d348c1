import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, type FolderWriter, openFolder, writeSealed } from '@polytask/core';
import {
  type FailureLog,
  lastOfEach,
  lineKey,
  parseTrial,
  type TrialResult,
  type TrialStore,
  WorkerLost,
} from '@polytask/study';
import { type FileLine, readLines } from '../text-files.ts';

/** The name of the file. */
export const RESULTS = 'results.jsonl';

/**
 * The finished trials of a directory: `results.jsonl`, with a line for each trial. Other processes may add lines. A repeated trial has
 * several lines, of which the last one counts.
 */
export type ResultsFile = TrialStore;

/**
 * Opens the results of a directory. Each line ends with its sha256, so a changed digit is noticed; lines of earlier versions have none.
 * The first appended trial creates a missing directory. An incomplete last line, which a killed run
 * left, doesn't count, and the next line takes its place. A new line is written to the disk as a whole, or not at all.
 *
 * @example const trials = await openResults('results').read();
 */
export function openResults(directory: string): ResultsFile {
  const folder = openFolder(directory);
  let known: { readonly size: number; readonly keys: Set<string> } = { size: 0, keys: new Set() };
  /** Learns the lines that another process has added since. */
  const catchUp = async (writer: FolderWriter) => {
    const size = await writer.size(RESULTS);
    if (size !== known.size) known = { size, keys: new Set((await trialsIn(directory)).map(lineKey)) };
  };
  return {
    read: () => trialsIn(directory),
    has: (line) =>
      folder.write(async (writer) => {
        await catchUp(writer);
        return known.keys.has(line);
      }),
    claim: (line) => folder.claim(line),
    append: (trial, { replace = false } = {}) =>
      folder.write(async (writer) => {
        await catchUp(writer);
        const key = lineKey(trial);
        if (replace || !known.keys.has(key)) await writer.appendLine(RESULTS, await writeSealed(trial));
        known = { size: await writer.size(RESULTS), keys: known.keys.add(key) };
      }),
  };
}

/** Adds trials of other directories to the results of a directory, at once. @returns all trials of the directory */
export async function mergeTrials(
  writer: FolderWriter,
  directory: string,
  others: readonly TrialResult[],
): Promise<TrialResult[]> {
  const own = await trialsIn(directory);
  const ownLines = new Set(own.map(lineKey));
  const trials = [...own, ...lastOfEach(others).filter((trial) => !ownLines.has(lineKey(trial)))];
  await writer.replace(RESULTS, trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  return trials;
}

/**
 * Reads the finished trials of a directory, and changes nothing.
 *
 * @throws PolytaskError when there are none, or when a line isn't a trial
 */
export async function readResults(directory: string): Promise<TrialResult[]> {
  const trials = await trialsIn(directory);
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${path.join(directory, RESULTS)}`,
      received: 'none',
      mend: 'Name a directory that a run has written to (--out).',
    });
  return trials;
}

/** The log of a failed trial: what failed, then its error. */
export const failureFile = (directory: string, key: string): string => path.join(directory, 'failed', `${key}.log`);

/**
 * Logs of failed trials in the folder `failed/` of a directory. A log has the trial's key as its name, and contains the trial, its
 * error, and the output of its process.
 */
export const failureLog =
  (directory: string): FailureLog =>
  async ({ key, suite, model, seed, config }, error) => {
    const file = failureFile(directory, key);
    const written = error instanceof WorkerLost && error.log !== '' ? `\n\nIts process wrote:\n${error.log}` : '';
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      `${suite}, ${model}, seed ${seed}\n${error.stack ?? error.message}${written}\n\n${JSON.stringify(config, null, 2)}\n`,
    );
    return file;
  };

/** @throws PolytaskError when a line isn't a trial or was changed, with the number of the line */
async function trialsIn(directory: string): Promise<TrialResult[]> {
  const lines = await readLines(openFolder(directory), RESULTS);
  return lastOfEach(
    await Promise.all(lines.map((line) => trialOf(line, `${path.join(directory, RESULTS)}:${line.number}`))),
  );
}

async function trialOf({ text }: FileLine, where: string): Promise<TrialResult> {
  if (text !== undefined) return parseTrial(text, where);
  return fail({
    expected: `a trial as JSON in ${where}`,
    received: 'bytes that are not UTF-8',
    mend: 'Mend or remove the line, or write to another directory.',
  });
}
