import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TrialResult } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { runSuite } from '../run-suite.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { writePeople } from '../testing/people.ts';
import { readResults } from './run-files.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = {
  models: ['logistic-regression'],
  baseline: 'logistic-regression',
  boosting: false,
  epochs: 1,
  engine: 'cpu',
};
async function bench(seeds: number, out: string, reuse?: string) {
  const notes: string[] = [];
  let there = -1;
  const { trials } = await runSuite({
    ...{ ...OPTIONS, suite: at('people.json'), seeds: Array.from({ length: seeds }, (_, i) => i + 1) },
    ...{ out: at(out), ...(reuse && { reuse: [at(reuse)] }) },
    listener: { onNote: (note) => void notes.push(note), onStart: (start) => void (there = start.there) },
  });
  return { trials, there, notes: notes.filter((note) => /^The (results|runs)/.test(note)) };
}
const scores = (trials: readonly TrialResult[]) => trials.map(({ seed, metrics }) => ({ seed, metrics }));

test('results of old rows are neither taken for those of new rows nor mixed with them, and old versions had no hash', async () => {
  await writePeople(folder);
  const old = await bench(2, 'out');
  expect(old).toMatchObject({ there: 0, notes: [] });
  expect(await bench(2, 'out')).toMatchObject({ there: 2, notes: [] });

  await writePeople(folder, 40); // other labels, as many rows
  expect(await bench(2, 'copied', 'out')).toMatchObject({
    there: 0,
    notes: ['The runs to reuse have 2 trials of other rows or code under the same name. They are not copied.'],
  });
  const { trials: fresh } = await runSuite({ ...OPTIONS, suite: at('people.json'), seeds: [1] });
  const changed = await bench(1, 'out');
  expect(changed.there).toBe(0);
  expect(changed.notes).toEqual([
    'The results have 2 trials of other rows or code under the same name. They are not in the tables.',
  ]);
  expect(scores(changed.trials)).toEqual(scores(fresh));
  expect(scores(changed.trials)[0]!.metrics).not.toEqual(scores(old.trials)[0]!.metrics);
  expect(await readResults(at('out'))).toHaveLength(3);
  expect(await bench(1, 'changed', 'out')).toMatchObject({ there: 1, notes: [] });

  const table = capturedIo(); // not a trial of the old rows, which the directory has, too
  expect(await main(['verify', at('out'), at('people.json'), '--trials', '1'], table.io)).toBe(0);
  expect(table.out()).toContain('1 of 1 trials agree');

  await writePeople(folder); // the old rows are back, and so are their results
  expect(scores((await bench(1, 'out')).trials)).toEqual(scores(old.trials));

  await writePeople(folder, 40);
  const changedNow = capturedIo();
  expect(await main(['verify', at('out'), at('people.json'), '--trials', '3'], changedNow.io)).toBe(1);
  expect(changedNow.err()).toContain('Another content is another hash of the rows.');
});
