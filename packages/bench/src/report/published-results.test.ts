import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderOutcome, renderReport, settingKey, summarize, type TrialResult } from '@polytask/study';
import { expect, test } from 'vitest';
import { readResults } from '../trials/results-file.ts';

const DIRECTORY = fileURLToPath(new URL('../../../../docs/results', import.meta.url));
const published = readdirSync(DIRECTORY, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Enough for a verdict; all hundred would take minutes. */
const SEEDS = 3;

test('there are published results', () => expect(published.length).toBeGreaterThan(5));

test.each(published)('%s, which an older version wrote, is read and reported as a whole', async (name) => {
  const trials = await readResults(path.join(DIRECTORY, name));
  const bySetting = new Map<string, TrialResult[]>();
  for (const trial of trials.filter(({ seed }) => seed <= SEEDS)) {
    bySetting.set(settingKey(trial), [...(bySetting.get(settingKey(trial)) ?? []), trial]);
  }
  const some = [...bySetting.values()].flat();
  const summaries = [...bySetting.values()].map((own) =>
    summarize(own, {
      setting: own[0]!.setting ?? '',
      baseline: own.find(({ model }) => /single/.test(model))?.model ?? own[0]!.model,
    }),
  );
  const report = renderReport({ summaries, trials: some });
  const text = renderOutcome(summaries, { width: 120 });
  for (const { models, setting } of summaries) {
    for (const { model } of models) {
      expect(report).toContain(`| ${model} |`);
      expect(text).toContain(`\n${model} `);
    }
    if (setting !== '') expect(report).toContain(`## ${setting}`);
  }
  expect(report + text).not.toMatch(/NaN|undefined/);
});
