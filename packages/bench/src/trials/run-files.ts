import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fail, number, parseJson, readDocument, type ReadValue, shaped } from '@polytask/components';
import { openFolder, writeSealed, type FolderWriter } from '@polytask/core';
import {
  type FailureLog,
  isScore,
  lastOfEach,
  placeOf,
  readResults as resultsOf,
  type Result,
  testedOf,
  trialKey,
  type TrialResult,
  type TrialStore,
  trialText,
  WorkerLost,
  planDocument,
  comparisonDocument,
  differencesCsv,
  picturesOf,
  renderHtml,
  renderMarkdown,
  type ReportInput,
  resultsCsv,
  svgFile,
} from '@polytask/study';
import { writeWhole } from '../text-files.ts';

export const RESULTS = 'results.jsonl';

/** Earlier results, compressed. This file is read and never written, except by whoever compresses results. */
const COMPRESSED = 'results.jsonl.gz';

/**
 * Opens the results of a directory: `results.jsonl`, with a line for each trial and each score of a search, after those of
 * `results.jsonl.gz`. Other processes may add lines. A repeated trial has several lines, of which the last one counts. Each line ends with
 * its sha256, so a changed digit is noticed; published lines have none. The first appended result creates a missing directory. An
 * incomplete last line, which a killed run left, doesn't count, and the next line takes its place. A new line is written to the disk as a
 * whole, or not at all.
 *
 * @example const trials = await openResults('results').read();
 */
export function openResults(directory: string): TrialStore {
  const folder = openFolder(directory);
  let known: { readonly sizes: string; readonly results: Map<string, Result> } = { sizes: '', results: new Map() };
  const sizesOf = async (writer: FolderWriter) =>
    `${await writer.size(COMPRESSED)} and ${await writer.size(RESULTS)} bytes`;
  /** Learns the lines that another process has added since. */
  const catchUp = async (writer: FolderWriter) => {
    const sizes = await sizesOf(writer);
    if (sizes === known.sizes) return;
    known = { sizes, results: new Map((await resultsIn(directory)).map((result) => [placeOf(result), result])) };
  };
  return {
    read: async () => testedOf(await resultsIn(directory)),
    find: (spec) =>
      folder.write(async (writer) => {
        await catchUp(writer);
        return known.results.get(placeOf(spec));
      }),
    claim: (spec) => folder.claim(placeOf(spec)),
    append: (result, { replace = false } = {}) =>
      folder.write(async (writer) => {
        await catchUp(writer);
        const place = placeOf(result);
        const isNew = replace || !known.results.has(place);
        if (isNew) await writer.appendLine(RESULTS, await lineOf(result));
        known = { sizes: await sizesOf(writer), results: isNew ? known.results.set(place, result) : known.results };
      }),
  };
}

/** A result as a line. A trial has its key, by which its predictions are found. */
const lineOf = (result: Result): Promise<string> =>
  writeSealed(isScore(result) ? result : { key: trialKey(result), ...result });

/** Adds results to those of a directory, at once, and rewrites compressed ones as lines. @returns all of the directory's trials */
export async function addResults(writer: FolderWriter, directory: string, others: readonly Result[]) {
  const own = await resultsIn(directory);
  const ownPlaces = new Set(own.map(placeOf));
  const results = [...own, ...lastOfEach(others).filter((result) => !ownPlaces.has(placeOf(result)))];
  const lines = await Promise.all(results.map(lineOf));
  await writer.replace(RESULTS, lines.map((line) => `${line}\n`).join(''));
  await writer.remove(COMPRESSED); // later: a process that is killed here leaves trials twice, which is no harm
  return testedOf(results);
}

/** The finished trials of a directory. @throws PolytaskError when there are none */
export const readResults = async (directory: string): Promise<TrialResult[]> =>
  testedOf(await resultsToReuse(directory));

/** Reads all results of a directory, scores of searches too. @throws PolytaskError as {@link readResults} does */
export async function resultsToReuse(directory: string): Promise<Result[]> {
  const results = await resultsIn(directory);
  if (results.every(isScore))
    fail({
      expected: `finished trials in ${path.join(directory, RESULTS)}`,
      received: 'none',
      fix: 'Name a directory that a run has written to (--out).',
    });
  return results;
}

export const failureFile = (directory: string, key: string): string => path.join(directory, 'failed', `${key}.log`);

/** Logs of failed trials: `failed/KEY.log` has the trial, its error, and the output of its process. */
export const failureLog =
  (directory: string): FailureLog =>
  async ({ key, suite, model, seed, fold, config }, error) => {
    const file = failureFile(directory, key);
    const written = error instanceof WorkerLost && error.log !== '' ? `\n\nIts process wrote:\n${error.log}` : '';
    await writeWhole(
      file,
      `${suite}, ${trialText({ model, seed, fold })}\n${error.stack ?? error.message}${written}\n\n${JSON.stringify(config, null, 2)}\n`,
    );
    return file;
  };

export async function resultsIn(directory: string): Promise<Result[]> {
  const folder = openFolder(directory);
  const files = await Promise.all(
    [COMPRESSED, RESULTS].map(async (name) => {
      const bytes = await folder.read(name);
      return bytes ? resultsOf(bytes, path.join(directory, name)) : [];
    }),
  );
  return lastOfEach(files.flat());
}

const PLAN = 'plan.json';

/** The plan of the last run, its start in milliseconds since 1970, and how many trials were there already. */
const startedPlan = shaped({ plan: planDocument, started: number(), there: number() });
type StartedPlan = ReadValue<typeof startedPlan>;

export const writePlan = (writer: FolderWriter, started: StartedPlan): Promise<void> =>
  writer.replace(PLAN, `${JSON.stringify(started)}\n`);

export const readPlan = async (directory: string): Promise<StartedPlan> =>
  (await findPlan(directory)) ??
  fail({
    expected: `the plan of a study in ${path.join(directory, PLAN)}`,
    received: 'none',
    fix: 'Name a directory that polytask bench has written to (--out).',
  });

/** The plan of a directory, perhaps compressed, as published ones are. Undefined without one. */
export async function findPlan(directory: string): Promise<StartedPlan | undefined> {
  const folder = openFolder(directory);
  for (const name of [PLAN, `${PLAN}.gz`]) {
    const bytes = await folder.read(name);
    if (!bytes) continue;
    const file = path.join(directory, name);
    const value = parseJson(name === PLAN ? bytes : unpacked(bytes, file), `a plan as JSON in ${file}`);
    const fix = 'Run polytask bench with this --out again.';
    return readDocument(startedPlan, value, `The plan of a study in ${file}`, fix);
  }
  return undefined;
}

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const received = `damaged bytes: ${(error as Error).message}`;
    return fail({ expected: `gzip in ${name}`, received, fix: 'Take the file from where it was published.' });
  }
}

export const FILES = 'report.html, report.md, summary.json, results.csv, differences.csv and pictures/';

/** Writes the files of a report. @param writer of the directory, so that the files of two runs don't mix */
export async function writeOutcome(directory: string, writer: FolderWriter, input: ReportInput): Promise<void> {
  const document = comparisonDocument(input);
  await writer.replace('summary.json', `${JSON.stringify(input.summaries, null, 2)}\n`);
  await writer.replace('results.csv', resultsCsv(input.trials));
  await writer.replace('differences.csv', differencesCsv(input.summaries));
  await writer.replace('report.md', renderMarkdown(document, { pictures: 'pictures' }));
  await writer.replace('report.html', renderHtml(document));
  await openFolder(path.join(directory, 'pictures')).write(async (each) => {
    for (const picture of picturesOf(document.blocks)) await each.replace(`${picture.name}.svg`, svgFile(picture));
  });
}
