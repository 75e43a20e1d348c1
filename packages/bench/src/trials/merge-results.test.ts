import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { RunOptions } from '../run-options.ts';
import { runSuite } from '../run-suite.ts';
import { mergeResults } from './merge-results.ts';

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

test('two runs with one directory share the trials; merged shards have the same summary, and what is missing is named', async () => {
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
});

test('a shard without a directory, and a directory without a plan, are refused', async () => {
  await expect(runSuite({ ...options, shard: { number: 1, of: 2 } })).rejects.toThrow('Pass --out DIR');
  await expect(mergeResults([at('none')], at('merged'))).rejects.toThrow('Expected the plan of a study');
});
