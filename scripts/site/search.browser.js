import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openIndex } from '../../apps/site/src/search/open-index.ts';
import { forTests } from '../browser/for-tests.js';
import { openSite, SITE } from './visit.js';

/** The words that somebody types, and the guide that has the answer. @type {readonly (readonly [string, RegExp])[]} */
const QUESTIONS = [
  ['getting started', /^\/docs\/(tutorial|train-without-code)/],
  ['how do I install it', /^\/docs\/(tutorial|train-without-code)/],
  ['missing values', /^\/docs\/features/],
  ['predict', /^\/docs\/serving/],
  ['feature importance', /^\/docs\/train-without-code.*explain/],
  ['early stopping', /^\/docs\/training.*#early-stopping/],
  ['csv separator', /^\/docs\/reading/],
  ['cross validation', /^\/docs\/folds/],
  ['class imbalance', /^\/docs\/how-to.*#balance-classes/],
  ['custom loss', /^\/docs\/(losses|how-to)/],
  ['save model', /^\/docs\/core/],
  ['gpu', /^\/docs\/how-to.*#use-a-gpu/],
  ['overfitting', /^\/docs\/why-is-it-bad/],
  ['learning rate', /^\/docs\/optimizers/],
  ['categorical features', /^\/docs\/features/],
  ['onnx', /^\/docs\/onnx/],
  ['calibration', /^\/docs\/(probabilities|metrics)/],
  ['calibrate probabilities', /^\/docs\/(how-to|probabilities)/],
  ['hyperparameter tuning', /^\/docs\/train-without-code/],
  ['negative transfer', /^\/docs\/when-sharing-helps/],
  ['uncertainty weighting', /^\/docs\/balancing/],
  ['uw', /^\/docs\/balancing/],
  ['embeddings', /^\/docs\//],
  ['mmoe', /^\/docs\/baselines/],
  ['docker', /^\/docs\/serving/],
  ['missing labels', /^\/docs\/how-to.*#train-with-missing-labels/],
  ['onnxruntime-node is slow', /^\/docs\/(engines|performance|troubleshooting)/],
  ['Running eagerly, which is slower', /^\/docs\/troubleshooting/],
];

describe('the search', () => {
  /** @type {ReturnType<typeof openIndex>} */
  let index;
  beforeAll(async () => {
    const chunks = path.join(SITE, 'assets/chunks');
    const file = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndexroot'));
    index = openIndex((await import(pathToFileURL(path.join(chunks, String(file))).href)).default);
  });

  it.each(QUESTIONS)('has the guide first for “%s”', (question, guide) => {
    const [first] = index.search(question);
    expect(new URL(first?.id, 'http://site').pathname + new URL(first?.id, 'http://site').hash).toMatch(guide);
  });

  it.each([
    ['crossStitch', '/api/baselines/single-task.html'],
    ['imtlL', '/api/balancing/losses/learned-scales.html'],
  ])('has the reference first for the name %s', (name, page) => {
    expect(String(index.search(name)[0]?.id).split('#')[0]).toBe(page);
  });
});

const site = forTests(openSite);

it('the search box ranks in the same way', async () => {
  const { page, faults } = await site.visit('');
  await page.keyboard.press('/');
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type('missing values');
  await page.locator('.result').first().waitFor();
  await expect.poll(() => page.locator('.result').first().getAttribute('href')).toMatch(/^\/docs\/features/);
  expect(faults).toEqual([]);
});
