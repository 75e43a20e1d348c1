import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLANE_LESSONS } from '../../apps/playground/src/see/plane-lessons.ts';
import { openBrowser } from '../browser/chromium.js';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, LOOKS, picture, pixelsBeside, windowOf } from '../browser/looks.js';
import { watchMainThreads } from '../browser/main-thread.js';
import { serve } from '../browser/site.js';
import { PLAYGROUND } from './build-site.js';

const site = forTests(() => openBrowser(serve(path.join(PLAYGROUND, 'dist'))));

/** @param {import('../browser/looks.js').Look} [look] */
async function visit(look = {}) {
  const page = await (await site.browser.newContext(windowOf(look))).newPage();
  await page.goto(`${site.url}see.html`);
  await page.getByRole('button', { name: 'Run it' }).waitFor();
  return page;
}

/** The pixels of a map. @param {import('playwright-core').Page} page @param {string} name how its label begins */
const pixels = (page, name) =>
  page.getByRole('img', { name }).evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());

/** Waits until all models have reached an epoch. @param {import('playwright-core').Page} page @param {number} epoch */
const reached = (page, epoch) =>
  expect
    .poll(
      () =>
        page
          .locator('[data-model]')
          .evaluateAll((rows) => Math.min(...rows.map((row) => Number(row.getAttribute('data-epoch'))))),
      { timeout: 200_000 },
    )
    .toBeGreaterThanOrEqual(epoch);

describe('the two-dimensional view', () => {
  it.each(LOOKS)('has no fault on a $screen, in $colors', async (look) => {
    const page = await visit(look);
    expect(await axeFaults(page)).toEqual([]);
    expect(await pixelsBeside(page)).toBe(0);
    await page.context().close();
  });

  it('sliders change the data', async () => {
    const page = await visit();
    const before = await pixels(page, 'True map of task 2');
    await page.getByLabel('Contradiction').fill('0.5');
    await expect.poll(() => pixels(page, 'True map of task 2')).not.toBe(before);
    const points = await pixels(page, 'True map of task 1');
    await page.getByLabel('Labels of task 1').fill('100');
    await page.getByText('task 1: 100 labels').waitFor();
    expect(await pixels(page, 'True map of task 1')).not.toBe(points);
  });

  it('hides the answer until a guess and a run, moves the surfaces, and never holds the page', async () => {
    const page = await visit();
    const { reason } = /** @type {typeof PLANE_LESSONS[number]} */ (PLANE_LESSONS[0]);
    const run = page.getByRole('button', { name: 'Run it' });
    expect(await run.isDisabled()).toBe(true);
    await page.getByLabel('better').check();
    const watch = await watchMainThreads(site.browser);
    await run.click();
    await reached(page, 2);
    const first = await pixels(page, 'adatt, map of task 1');
    expect(await page.locator('body').textContent()).not.toContain(reason);
    await reached(page, 100);
    await page.locator('.plane-answer', { hasText: reason }).waitFor();
    const { milliseconds, sorts } = await watch.longest();
    expect(Math.min(milliseconds / 50, sorts), `${milliseconds} ms`).toBeLessThan(1); // beside a sort on a busy machine
    expect(await pixels(page, 'adatt, map of task 1')).not.toBe(first);
    await picture(page, 'plane');
  });

  it('a slider ends a training and forgets its models', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'Train' }).click();
    await reached(page, 2);
    await page.getByLabel('How alike').fill('0.5');
    await expect.poll(() => page.locator('[data-epoch="0"]').count()).toBe(4);
  });
});
