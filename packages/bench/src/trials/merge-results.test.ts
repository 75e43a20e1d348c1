import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { mergeResults } from './merge-results.ts';
import { openResults } from './run-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  return () => rm(folder, { recursive: true, force: true });
});
const at = (name: string) => path.join(folder, name);

const options = {
  suite: { name: 'parts', extends: 'synthetic', data: { rows: 60 } },
  models: ['single-task', 'shared-bottom'],
  ...{ seeds: [1, 2], epochs: 1, engine: 'cpu', limitRows: 60 },
} satisfies RunOptions;

/** The text of a summary, whose seconds are another each time. */
const summaryIn = async (directory: string) =>
  JSON.stringify(JSON.parse(await readFile(path.join(directory, 'summary.json'), 'utf8')), (key, value: unknown) =>
    key === 'seconds' ? 0 : value,
  );

test(
  'two runs with one directory share the trials; merged shards have the same summary, and what is missing is named',
  { tags: ['long'] },
  async () => {
    const onTrialStart = vi.fn();
    const run = () => runSuite({ ...options, out: at('whole'), listener: { onTrialStart } });
    const [one, other] = await Promise.all([run(), run()]);
    expect(onTrialStart).toHaveBeenCalledTimes(4);
    expect(one.trials).toHaveLength(4);
    expect(other.summaries).toEqual(one.summaries);

    for (const number of [1, 2]) await runSuite({ ...options, shard: { number, of: 2 }, out: at(`part-${number}`) });
    const half = await mergeResults([at('part-2')], at('merged'));
    expect(half.missing.map(({ model, seed }) => [model, seed])).toEqual([
      ['single-task', 1],
      ['single-task', 2],
    ]);
    expect((await mergeResults([at('part-1'), at('part-2')], at('merged'))).missing).toEqual([]);
    expect(await summaryIn(at('merged'))).toBe(await summaryIn(at('whole')));
  },
);

test('merging one directory unpacks its trials, each with a digest, and writes the report again', async () => {
  const { trials } = await runSuite({ ...options, seeds: [1], out: at('run') });
  await mkdir(at('published'));
  await writeFile(at('published/results.jsonl.gz'), gzipSync(await readFile(at('run/results.jsonl'))));
  const plan = gzipSync(await readFile(at('run/plan.json')));
  await writeFile(at('published/plan.json.gz'), plan.subarray(0, -9));
  await expect(mergeResults([at('published')], at('published'))).rejects.toThrow(
    `Expected gzip in ${at('published/plan.json.gz')}`,
  );
  await writeFile(at('published/plan.json.gz'), plan);

  await mergeResults([at('published')], at('published'));
  expect(await readdir(at('published'))).not.toContain('results.jsonl.gz');
  for (const file of ['report.md', 'results.csv', 'differences.csv'])
    expect(await readFile(at(`published/${file}`), 'utf8')).toBe(await readFile(at(`run/${file}`), 'utf8'));
  const lines = (await readFile(at('published/results.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => /,"sha256":"[0-9a-f]{64}"\}$/.test(line))).toEqual([true, true]);
  expect(await openResults(at('published')).read()).toEqual(trials);
}, 60_000);

test('a shard without a directory, and a directory without a plan, are refused', async () => {
  await expect(runSuite({ ...options, shard: { number: 1, of: 2 } })).rejects.toThrow('Pass --out DIR');
  await expect(mergeResults([at('none')], at('merged'))).rejects.toThrow('Expected the plan of a study');
});
