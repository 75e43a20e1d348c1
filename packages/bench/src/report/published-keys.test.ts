import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentKey, settingKey, trialKey } from '@polytask/study';
import { isHashed, modelLabel, workKey } from '@polytask/study/internal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { runSuite } from '../run-suite.ts';
import { openResults, readResults } from '../trials/results-file.ts';
import { verifyResults } from '../verify/verify-results.ts';

const publishedIn = (name: string) =>
  readResults(fileURLToPath(new URL(`../../../../docs/results/${name}`, import.meta.url)));

/** By folder, a hash of all keys as the version that measured its trials had them. */
const KEYS: Readonly<Record<string, string>> = {
  'ablation-residual': '6d24a4eccbac8daf',
  balancing: '7369dcb2a1dcc10e',
  'census-two-tasks': '14e06e4ece462e32',
  'experts-per-task': 'd73ab622ab3480cf',
  'funnel-models': '38a740080a5e7518',
  'fusion-levels': '9dfd6b1b32d155e1',
  'heat-map': 'e1505db9f97198ea',
  'kuairand-balancing': '9d72ae54b51ad6bc',
  'kuairand-models': '4dc2d4b4c71d6f48',
  'kuairand-scenarios': '9689de0c1baa7741',
  'paper-table-5': '550ed30a89504b1b',
  'related-work': '214f76faef4bda01',
  'synthetic-correlation': 'f7388c0fa31a7974',
  'when-sharing-helps': 'b962826ff6ffccfc',
};

test.each(some(Object.entries(KEYS), 2))(
  'the published trials of %s have the keys that they always had',
  async (name, keys) => {
    const trials = await publishedIn(name);
    const all = trials.flatMap((trial) => [trialKey(trial), workKey(trial), settingKey(trial)]);
    expect(contentKey(all.sort())).toBe(keys);
    expect(trials.every(isHashed)).toBe(true);
    for (const { model, parts } of trials) expect(modelLabel(parts!)).toBe(model);
  },
);

let out: string;
beforeAll(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

test('a run goes on from published trials, and verify repeats them', { tags: ['long'] }, async () => {
  const [model, seed] = ['logistic-regression', 1];
  const published = (await publishedIn('when-sharing-helps')).filter(
    (each) => each.model === model && each.seed === seed,
  );
  for (const trial of published) await openResults(out).append(trial);
  let there = 0;
  const { trials } = await runSuite({
    ...{ suite: 'when-sharing-helps', models: [model], baseline: model, seeds: [seed], engine: 'compiled', out },
    listener: { onStart: (start) => void (there = start.there), onTrialStart: () => expect.unreachable('it is there') },
  });
  expect(there).toBe(5);
  expect(trials.map(trialKey).sort()).toEqual(published.map(trialKey).sort());
  const [verified] = await verifyResults(out, { trials: 1 });
  expect(verified).toMatchObject({ hashed: true });
  expect(verified!.difference).toBeLessThan(1e-3); // another processor rounds other last digits
});
