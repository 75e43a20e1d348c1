import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { trialOf } from '@polytask/study/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResults } from './results-file.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(os.tmpdir(), 'polytask-')), 'new', 'results');
  file = path.join(directory, 'results.jsonl');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('trials come back as they were appended, in a directory that was not there', async () => {
  const results = await openResults(directory);
  expect(await results.read()).toEqual([]);
  await results.append(trialOf());
  await results.append(trialOf({ seed: 2 }));
  expect(await results.read()).toEqual([trialOf(), trialOf({ seed: 2 })]);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
});

test('a metric that is not defined is null in the file and NaN in a program', async () => {
  const results = await openResults(directory);
  await results.append(trialOf({ metrics: { click: { auc: NaN, ne: 0.5 } } }));
  expect(await readFile(file, 'utf8')).toContain('"auc":null');
  expect((await results.read())[0]!.metrics).toEqual({ click: { auc: NaN, ne: 0.5 } });
});

test('what a line may have besides comes back; an older line does without it', async () => {
  const results = await openResults(directory);
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
  const before = await openResults(directory);
  await before.append(trialOf({ versions: { name: 'µ' } }));
  await appendFile(file, JSON.stringify(trialOf({ seed: 2 })).slice(0, 50));
  const after = await openResults(directory);
  await after.append(trialOf({ seed: 3 }));
  expect((await after.read()).map(({ seed }) => seed)).toEqual([1, 3]);
});

test('lines that are appended at the same time stay whole', async () => {
  const [one, other] = await Promise.all([openResults(directory), openResults(directory)]);
  const versions = { long: 'x'.repeat(100_000) };
  await Promise.all(
    Array.from({ length: 20 }, (_, seed) => (seed % 2 ? one : other).append(trialOf({ seed, versions }))),
  );
  expect((await one.read()).map(({ seed }) => seed).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, seed) => seed),
  );
});

test('a line that is no trial is named', async () => {
  const results = await openResults(directory);
  await results.append(trialOf());
  await appendFile(file, '{"suite": "toy"}\n');
  await expect(results.read()).rejects.toThrow(`Expected a trial in ${file}:2`);
  await writeFile(file, 'no JSON\n');
  await expect(results.read()).rejects.toThrow(`Expected a trial as JSON in ${file}:1`);
});

test('of two trials with the same key the first wins, whoever wrote it before, unless the second replaces it', async () => {
  await (await openResults(directory)).append(trialOf({ seconds: 1 }));
  const results = await openResults(directory);
  await Promise.all([2, 3].map((seconds) => results.append(trialOf({ seconds }))));
  await Promise.all([4, 5].map((seconds) => results.append(trialOf({ seconds, seed: 2 }))));
  expect((await results.read()).map(({ seconds }) => seconds)).toEqual([1, 4]);
  await results.append(trialOf({ seconds: 6 }), { replace: true });
  expect((await results.read()).map(({ seconds }) => seconds)).toEqual([6, 4]);
});
