import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { TrialResult, TrialSpec } from '@polytask/study';
import { trialOf } from '@polytask/study/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResults } from './run-files.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(os.tmpdir(), 'polytask-')), 'new', 'results');
  file = path.join(directory, 'results.jsonl');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('trials come back as they were appended, in a directory that was not there', async () => {
  const results = openResults(directory);
  expect(await results.read()).toEqual([]);
  await results.append(trialOf());
  await results.append(trialOf({ seed: 2 }));
  expect(await results.read()).toEqual([trialOf(), trialOf({ seed: 2 })]);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
});

test('a metric that is not defined is null in the file and NaN in a program', async () => {
  const results = openResults(directory);
  await results.append(trialOf({ metrics: { click: { auc: NaN, ne: 0.5 } } }));
  expect(await readFile(file, 'utf8')).toContain('"auc":null');
  expect((await results.read())[0]!.metrics).toEqual({ click: { auc: NaN, ne: 0.5 } });
});

test('what a line may have besides comes back; an older line does without it', async () => {
  const results = openResults(directory);
  const level = {
    outputs: ['a'],
    experts: ['a.0', 'b.0'],
    gated: [[0.5, 0.5]],
    gatedDeviation: [[0, 0]],
    constant: [[0, 0]],
  };
  const { config } = trialOf();
  const trial = trialOf({
    unseen: { rows: 3, of: 5, metrics: { click: { auc: NaN, ne: 0.9 } } },
    fusion: [{ ...level, entropy: [0.69315], effectiveExperts: [2] }, level],
    config: { ...config, size: { ...config.size, start: 'pytorch' } },
  });
  await results.append(trial);
  expect(await results.read()).toEqual([trial]);
  expect(trialOf()).not.toHaveProperty('unseen');
});

test('a last line that a killed run left half written is cut off', async () => {
  const before = openResults(directory);
  await before.append(trialOf({ versions: { name: 'µ' } }));
  await appendFile(file, JSON.stringify(trialOf({ seed: 2 })).slice(0, 50));
  const after = openResults(directory);
  await after.append(trialOf({ seed: 3 }));
  expect((await after.read()).map(({ seed }) => seed)).toEqual([1, 3]);
});

test('lines that are appended at the same time stay whole', async () => {
  const [one, other] = [openResults(directory), openResults(directory)];
  const versions = { long: 'x'.repeat(100_000) };
  await Promise.all(
    Array.from({ length: 20 }, (_, seed) => (seed % 2 ? one : other).append(trialOf({ seed, versions }))),
  );
  expect((await one.read()).map(({ seed }) => seed).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, seed) => seed),
  );
});

test('a line that is no trial is named', async () => {
  const results = openResults(directory);
  await results.append(trialOf());
  await appendFile(file, '{"suite": "toy"}\n');
  await expect(results.read()).rejects.toThrow(`A trial in ${file}:2`);
  await writeFile(file, 'no JSON\n');
  await expect(results.read()).rejects.toThrow(`Expected a trial as JSON in ${file}:1`);
});

test('of two trials with the same key the first wins, whoever wrote it before, unless the second replaces it', async () => {
  await openResults(directory).append(trialOf({ seconds: 1 }));
  const results = openResults(directory);
  await Promise.all([2, 3].map((seconds) => results.append(trialOf({ seconds }))));
  await Promise.all([4, 5].map((seconds) => results.append(trialOf({ seconds, seed: 2 }))));
  expect((await results.read()).map(({ seconds }) => seconds)).toEqual([1, 4]);
  await results.append(trialOf({ seconds: 6 }), { replace: true });
  expect((await results.read()).map(({ seconds }) => seconds)).toEqual([6, 4]);
});

test.each<[string, Partial<TrialResult>, string]>([
  [
    'an AUC of 7',
    { metrics: { click: { auc: 7 } } },
    'Expected a number from 0 to 1, or null, for metrics.click.auc, received 7',
  ],
  [
    'a negative NE',
    { metrics: { click: { ne: -0.1 } } },
    'Expected a number from 0 to Infinity, or null, for metrics.click.ne, received -0.1',
  ],
  [
    'a negative normalized loss',
    { normalizedLosses: { click: -1 } },
    'Expected a number of 0 or more for normalizedLosses.click, received -1',
  ],
  ['no epoch of its own', { bestEpoch: -1 }, 'bestEpoch'],
])('a trial that was never measured is refused: %s', async (_, given, message) => {
  await openResults(directory).append(trialOf(given));
  await expect(openResults(directory).read()).rejects.toThrow(message);
});

test('a changed digit and an unknown key are refused; lines of earlier versions, without a digest, are read', async () => {
  const results = openResults(directory);
  await results.append(trialOf());
  const line = await readFile(file, 'utf8');
  await writeFile(file, line.replace('"auc":0.8', '"auc":0.9'));
  await expect(results.read()).rejects.toThrow(`a trial as JSON in ${file}:1, received one that was changed`);
  await writeFile(file, line.replace('"sha256"', '"sha257"'));
  await expect(results.read()).rejects.toThrow('sha257');
  await writeFile(file, `${JSON.stringify(trialOf())}\n`);
  expect(await results.read()).toEqual([trialOf()]);
});

test('a last line that was cut within a character makes room for the next one', async () => {
  await openResults(directory).append(trialOf());
  await appendFile(file, Buffer.from('{"suite": "é').subarray(0, -1));
  expect(await openResults(directory).read()).toHaveLength(1);
  await openResults(directory).append(trialOf({ seed: 2 }));
  expect((await openResults(directory).read()).map(({ seed }) => seed)).toEqual([1, 2]);
  await appendFile(file, Buffer.from([0x7b, 0xff, 0x0a]));
  await expect(openResults(directory).read()).rejects.toThrow(`${file}:3, received bytes that are not UTF-8`);
});

test('two runs that have trained the same trial write it once', async () => {
  const [one, other] = [openResults(directory), openResults(directory)];
  await Promise.all([one, other, one, other].map((results) => results.append(trialOf())));
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
});

/** As `gzip` does. */
async function compress(): Promise<void> {
  await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
  await rm(file);
}

test('compressed trials are there, and new ones come after them in results.jsonl', async () => {
  const before = openResults(directory);
  for (const seed of [1, 2]) await before.append(trialOf({ seed, seconds: 1 }));
  await compress();
  const results = openResults(directory);
  expect((await results.read()).map(({ seed }) => seed)).toEqual([1, 2]);
  const specOf = (seed: number) => ({ ...trialOf({ seed }), measures: 'test' }) as unknown as TrialSpec;
  expect(await results.find(specOf(1))).toMatchObject({ seed: 1 });
  expect(await results.find(specOf(3))).toBeUndefined();
  for (const open of [before, results]) await open.append(trialOf({ seed: 2, seconds: 2 })); // there already
  await expect(readFile(file)).rejects.toThrow('ENOENT');
  await results.append(trialOf({ seed: 3, seconds: 3 }));
  await results.append(trialOf({ seed: 1, seconds: 4 }), { replace: true });
  expect((await openResults(directory).read()).map(({ seed, seconds }) => [seed, seconds])).toEqual([
    [1, 4],
    [2, 1],
    [3, 3],
  ]);
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
});

test('an open store notices that its trials were compressed, and new ones were added', async () => {
  const results = openResults(directory);
  await results.append(trialOf());
  await compress();
  await openResults(directory).append(trialOf({ seed: 2 }));
  await Promise.all([1, 2].map((seed) => results.append(trialOf({ seed, seconds: 9 }))));
  expect((await results.read()).map(({ seed, seconds }) => [seed, seconds === 9])).toEqual([
    [1, false],
    [2, false],
  ]);
});

test('a damaged compressed file and a changed line in one are refused', async () => {
  const results = openResults(directory);
  await results.append(trialOf());
  await writeFile(file, (await readFile(file, 'utf8')).replace('"auc":0.8', '"auc":0.9'));
  await compress();
  await expect(results.read()).rejects.toThrow(`a trial as JSON in ${file}.gz:1, received one that was changed`);
  await writeFile(`${file}.gz`, (await readFile(`${file}.gz`)).subarray(0, -1));
  await expect(results.read()).rejects.toThrow(`a whole gzip file in ${file}.gz`);
  await expect(results.append(trialOf({ seed: 2 }))).rejects.toThrow(`a whole gzip file in ${file}.gz`);
});
