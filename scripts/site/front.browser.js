import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { picture } from '../browser/looks.js';
import { openSite, PAGES } from './visit.js';

const site = forTests(openSite);

/** The requests for the demo's code. @param {import('playwright-core').Page} page */
const demoRequests = (page) =>
  page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => /demo|worker/.test(name)).length);

it('the demo waits until somebody sees it, and ends with a result', { tags: ['smoke'] }, async () => {
  const { page, faults } = await site.visit(PAGES.front, { screen: 'phone' });
  await page.setViewportSize({ width: 390, height: 300 }); // the demo is below the screen
  await page.reload({ waitUntil: 'networkidle' });
  expect(await demoRequests(page)).toBe(0);
  await page.locator('.front-demo').scrollIntoViewIfNeeded();
  await page
    .locator('.demo-result', { hasText: /gets \d+% of its map right, and AdaTT.* \d+%/ })
    .waitFor({ timeout: 200_000 });
  expect(faults).toEqual([]);
  await picture(page, 'front-demo');
});

it('with reduced motion, the demo waits for its button', async () => {
  const { page } = await site.visit(PAGES.front, { still: true });
  await page.locator('.front-demo').scrollIntoViewIfNeeded();
  const button = page.getByRole('button', { name: 'Train the two tasks' });
  await button.waitFor();
  expect(await demoRequests(page)).toBe(0);
  await button.click();
  await page.locator('polytask-demo canvas').first().waitFor();
});

it('each proof leads to its evidence', async () => {
  const { page } = await site.visit(PAGES.front);
  const links = await page.locator('.VPFeature').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
  expect(links).toHaveLength(3);
  for (const link of links) {
    const { page: evidence, faults } = await site.visit(`${link}`.slice(1));
    await evidence.locator('.vp-doc h1').waitFor();
    expect(faults).toEqual([]);
  }
});
