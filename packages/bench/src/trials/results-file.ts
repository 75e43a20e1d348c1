import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, type FolderWriter, openFolder, writeSealed } from '@polytask/core';
import {
  type FailureLog,
  lastOfEach,
  lineKey,
  readTrials,
  type TrialResult,
  type TrialStore,
  WorkerLost,
} from '@polytask/study';

/** The file that new trials are added to. */
export const RESULTS = 'results.jsonl';

/** Earlier trials, compressed. This file is read and never written, except by whoever compresses results. */
const COMPRESSED = 'results.jsonl.gz';

/**
 * The finished trials of a directory: `results.jsonl`, with a line for each trial, after those of `results.jsonl.gz`. Other processes
 * may add lines. A repeated trial has several lines, of which the last one counts.
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
  let known: { readonly sizes: string; readonly keys: Set<string> } = { sizes: '', keys: new Set() };
  const sizesOf = async (writer: FolderWriter) =>
    `${await writer.size(COMPRESSED)} and ${await writer.size(RESULTS)} bytes`;
  /** Learns the lines that another process has added since. */
  const catchUp = async (writer: FolderWriter) => {
    const sizes = await sizesOf(writer);
    if (sizes !== known.sizes) known = { sizes, keys: new Set((await trialsIn(directory)).map(lineKey)) };
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
        known = { sizes: await sizesOf(writer), keys: known.keys.add(key) };
      }),
  };
}

/**
 * Adds trials of other directories to the results of a directory, at once. All of them are in `results.jsonl` then, also those that
 * were compressed.
 *
 * @returns all trials of the directory
 */
export async function mergeTrials(
  writer: FolderWriter,
  directory: string,
  others: readonly TrialResult[],
): Promise<TrialResult[]> {
  const own = await trialsIn(directory);
  const ownLines = new Set(own.map(lineKey));
  const trials = [...own, ...lastOfEach(others).filter((trial) => !ownLines.has(lineKey(trial)))];
  const sealed = await Promise.all(trials.map((trial) => writeSealed(trial)));
  await writer.replace(RESULTS, sealed.map((line) => `${line}\n`).join(''));
  await writer.remove(COMPRESSED); // later: a process that is killed here leaves trials twice, which is no harm
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

/** @throws PolytaskError when a line isn't a trial or was changed, with the number of the line, and for a damaged file */
async function trialsIn(directory: string): Promise<TrialResult[]> {
  const folder = openFolder(directory);
  const files = await Promise.all(
    [COMPRESSED, RESULTS].map(async (name) => {
      const bytes = await folder.read(name);
      return bytes ? readTrials(bytes, path.join(directory, name)) : [];
    }),
  );
  return lastOfEach(files.flat());
}
