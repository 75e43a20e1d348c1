import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelLabel, settingKey, trialKey } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { runSuite } from '../run-suite.ts';
import { readPlan, openResults, readResults } from '../trials/run-files.ts';
import { verifyResults } from '../verify/verify-results.ts';

const publishedIn = (name: string) =>
  readResults(fileURLToPath(new URL(`../../../../docs/results/${name}`, import.meta.url)));

const RESULTS = fileURLToPath(new URL('../../../../docs/results', import.meta.url));

test.each(
  some(
    readdirSync(RESULTS, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : [])),
    2,
  ),
)('the published trials of %s are those of their plan, by their keys', async (name) => {
  const trials = await publishedIn(name);
  const { plan } = await readPlan(path.join(RESULTS, name));
  expect(trials.map(trialKey).sort()).toEqual(plan.trials.map(({ key }) => key).sort());
  expect(new Set(trials.map(settingKey))).toEqual(new Set(plan.settings.map(({ key }) => key)));
  for (const { model, parts } of trials) expect(modelLabel(parts)).toBe(model);
});

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
  expect(verified!.difference).toBeLessThan(1e-3); // another processor rounds other last digits
});
