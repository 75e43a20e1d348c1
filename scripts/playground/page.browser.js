import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, ended, openPlayground, picture } from './visit.js';

/** @type {Awaited<ReturnType<typeof openPlayground>>} */
let playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground?.close());

const SMALL = 'rows=500&epochs=3&seeds=2&models=single-task,adatt';

/** The faults that axe finds: their rule and the first element. @param {import('playwright-core').Page} page */
async function axeFaults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
  return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}

describe.each(/** @type {const} */ (['desktop', 'phone']))('on a %s', (screen) => {
  it.each(/** @type {const} */ (['light', 'dark']))('axe finds nothing, in %s', async (colors) => {
    const page = await playground.visit(SMALL, { screen, colors });
    expect(await axeFaults(page)).toEqual([]);
    await compare(page);
    await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    await picture(page, `${screen}-${colors}`);
    expect(await axeFaults(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, 'pixels beside the screen').toBeLessThanOrEqual(0);
  });
});

it('works with the keyboard alone', async () => {
  const page = await playground.visit(SMALL);
  const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id);
  for (let i = 0; i < 80 && (await focused()) !== 'Compare'; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('Compare');
  await page.keyboard.press('Enter');
  await ended(page);
  expect(await page.locator('.answer p').count()).toBeGreaterThan(0);
});

it('works without a connection once it was loaded', async () => {
  const page = await playground.visit(SMALL);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('Census', { exact: true }).click();
  await page.locator('.described', { hasText: 'census-income.csv' }).waitFor();
  await compare(page);
  expect(await page.locator('.run-bar').textContent()).toContain('4 of 4 trials');
  await picture(page, 'census');
});
