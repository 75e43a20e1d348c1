import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { trialKey } from '@polytask/study';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compressedTrials, contentOf, publishedTrial, withoutSeedDetails } from './published-files.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'polytask-published-'));
});
afterEach(() => rm(directory, { recursive: true }));

const linesIn = () => contentOf('results.jsonl.gz', compressedTrials(directory)).toString();

it('compresses new trials behind those that were compressed, by model, and no line without an end', async () => {
  const trial = (/** @type {string} */ model, /** @type {number} */ seed) => `${JSON.stringify({ model, seed })}\n`;
  await writeFile(path.join(directory, 'results.jsonl'), `${trial('a', 2)}{"seed"`);
  expect(linesIn()).toBe(trial('a', 2));
  const packed = gzipSync(trial('a', 1) + trial('b', 1));
  await writeFile(path.join(directory, 'results.jsonl.gz'), packed);
  expect(linesIn()).toBe(trial('a', 1) + trial('a', 2) + trial('b', 1));
  await rm(path.join(directory, 'results.jsonl'));
  expect(Buffer.from(compressedTrials(directory))).toEqual(packed);
});

it('leaves the scores of searches out, which the plan has', async () => {
  const lines = [
    { measures: 'validation', key: 'k', model: 'a', score: 0.7 },
    { model: 'a', seed: 1 },
  ];
  await writeFile(path.join(directory, 'results.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(linesIn()).toBe(`${JSON.stringify(lines[1])}\n`);
});

it('keeps fusion weights and the work of balancers of the first seed, or all where a page averages them', async () => {
  const weights = [{ gated: [[0.5]] }];
  const trial = (/** @type {number} */ seed, fusion = weights) => ({
    ...{ model: 'a', seed, fusion },
    balancing: [{ weights: { a: seed } }],
  });
  const { balancing: _, ...second } = trial(2, /** @type {typeof weights} */ ([]));
  await writeFile(
    path.join(directory, 'results.jsonl'),
    [trial(2), trial(1)].map((each) => `${JSON.stringify(each)}\n`).join(''),
  );
  const read = (/** @type {Uint8Array} */ bytes) =>
    contentOf('x.gz', bytes)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  expect(read(compressedTrials(directory))).toEqual([second, trial(1)]);
  expect(read(compressedTrials(directory, true))).toEqual([trial(2), trial(1)]);
});

it('leaves the sections of epochs and of the first seed out of a report, and the links to them', () => {
  const report = (/** @type {string} */ links, /** @type {string} */ sections) =>
    `# a study\n\n[Differences](#differences)${links} · [Limits](#limits)\n\n## Differences\n\ntext\n\n${sections}## Limits\n\nend\n`;
  const links = ' · [Learning curves](#learning-curves) · [Fusion weights, seed 1](#fusion-weights-seed-1)';
  const sections = '## Learning curves\n\ncurve\n\n## Fusion weights, seed 1\n\n### adatt\n\ntable\n\n';
  expect(withoutSeedDetails(report(links, sections))).toBe(report('', ''));
});

it('publishes all digits of a score, fewer of intervals, unseen rows and epochs', () => {
  const trial = { metrics: { a: { auc: 0.9031344861083147 } } };
  const rowIntervals = { a: { auc: { low: 0.90066185788878, high: 1 } } };
  const curve = [{ loss: 0.651261, validation: { a: 0.897015 } }];
  const unseen = { rows: 68007, of: 99762, metrics: { a: { auc: 0.8803648023353974 } } };
  expect(
    publishedTrial(
      JSON.stringify({
        key: 'k',
        ...trial,
        rowIntervals,
        unseen,
        curve: curve.map((each) => ({ ...each, seconds: 0.587 })),
        sha256: 's',
      }),
    ),
  ).toEqual({
    ...trial,
    rowIntervals: { a: { auc: { low: 0.900662, high: 1 } } },
    curve: [{ loss: 0.65126, validation: { a: 0.89702 } }],
    unseen: { rows: 68007, of: 99762, metrics: { a: { auc: 0.880364802 } } },
  });
});

const RESULTS = path.join(import.meta.dirname, '../../docs/results');
const published = readdirSync(RESULTS, { withFileTypes: true }).flatMap((each) =>
  each.isDirectory() ? [each.name] : [],
);

it.each(published)('the plan of %s has the keys of its trials', (name) => {
  const unpacked = (/** @type {string} */ file) => gunzipSync(readFileSync(path.join(RESULTS, name, file))).toString();
  const { trials } = JSON.parse(unpacked('plan.json.gz')).plan;
  const keys = unpacked('results.jsonl.gz')
    .trimEnd()
    .split('\n')
    .map((line) => trialKey(JSON.parse(line)));
  expect(new Set(trials.map((/** @type {{ key: string }} */ { key }) => key))).toEqual(new Set(keys));
});
