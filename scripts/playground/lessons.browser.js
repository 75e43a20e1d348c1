import { parseResult, summarize, testedOf } from '@polytask/study';
import { expect, it } from 'vitest';
import { contradiction } from '../../apps/playground/src/lessons/claim.ts';
import { LESSONS } from '../../apps/playground/src/lessons/lessons.ts';
import { forTests } from '../browser/for-tests.js';
import { picture } from '../browser/looks.js';
import { downloaded, ended, openPlayground } from './visit.js';

const playground = forTests(openPlayground);

/** A lesson trains up to 30 models. On two cores with nothing else to do it takes half a minute. */
const PATIENCE = 1_200_000;

it.each(Object.entries(LESSONS))(
  '%s shows what it says',
  { timeout: PATIENCE },
  async (name, { title, text, claims, setup }) => {
    const page = await playground.visit(`lesson=${name}`);
    expect(await page.locator('#lesson-title').textContent()).toBe(title);
    expect(await page.getByRole('button', { name: 'Run it' }).isDisabled()).toBe(true);
    await page.locator('.guess input').first().check();
    expect(await page.locator('.lesson').textContent(), 'before the run').not.toContain(text[1]);
    await page.getByRole('button', { name: 'Run it' }).click();
    await ended(page, PATIENCE);
    await page.locator('.lesson-answer', { hasText: text[1] }).waitFor();
    const lines = (await downloaded(page, 'results.jsonl')).bytes.toString().trim().split('\n');
    const trials = testedOf(await Promise.all(lines.map((line) => parseResult(line, name))));
    const [baseline] = /** @type {[string]} */ (setup.models); // which trial ends first depends on the machine
    const summary = summarize(trials, { baseline, order: [...new Set(trials.map(({ model }) => model))] });
    expect(claims.flatMap((claim) => contradiction(claim, summary, trials) ?? [])).toEqual([]);
    await picture(page, `lesson-${name}`);
  },
);
