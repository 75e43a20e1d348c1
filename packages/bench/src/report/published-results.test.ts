import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { comparisonDocument, lineOf, outcomeOf, placeOf, renderMarkdown, renderText } from '@polytask/study';
import { expect, test } from 'vitest';
import { some } from '../../../../cases.base.ts';
import { readPlan, readResults } from '../trials/run-files.ts';

const DIRECTORY = fileURLToPath(new URL('../../../../docs/results', import.meta.url));
const published = readdirSync(DIRECTORY, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Enough for a verdict; all hundred would take minutes. */
const SEEDS = 3;

test('there are published results', () => expect(published.length).toBeGreaterThan(5));

test.each(some(published, 1))('%s, which an older version wrote, is whole, read and reported', async (name) => {
  const directory = path.join(DIRECTORY, name);
  const { plan } = await readPlan(directory);
  const trials = await readResults(directory);
  const there = new Set(trials.map(placeOf));
  expect(plan.trials.filter(({ setting, key }) => !there.has(lineOf(setting, key)))).toEqual([]);

  const outcome = outcomeOf(
    plan,
    trials.filter(({ seed }) => seed <= SEEDS),
  );
  for (const { model, sharesLayers } of outcome.summaries.flatMap(({ models }) => models)) {
    const isApart = /^(gradient-boosting|single-task|logistic-regression|esmm|escm2|dcmt)\b/.test(model);
    const hasNoContext = model === 'pepnet' && name !== 'kuairand-scenarios'; // its gates of a context are all tasks'
    expect([model, sharesLayers]).toEqual([model, !isApart && !hasNoContext]);
  }
  const document = comparisonDocument(outcome);
  const report = renderMarkdown(document);
  const text = renderText(document, { width: 120 });
  expect(renderText(comparisonDocument({ ...outcome, details: false }), { width: 120 })).toBe(text);
  for (const { models, setting } of outcome.summaries) {
    for (const { model } of models) {
      expect(report).toContain(`| ${model} |`);
      expect(text).toContain(`\n${model} `);
    }
    if (setting !== '') expect(report).toContain(`## ${setting}`);
  }
  expect(report + text).not.toMatch(/NaN|undefined/);
});
