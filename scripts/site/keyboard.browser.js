import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { openSite, PAGES } from './visit.js';

/** @typedef {import('playwright-core').Page} Page */

const site = forTests(openSite);

/** The element with the focus: its name, whether it is content, and whether somebody sees that it has the focus. @param {Page} page */
const focused = (page) =>
  page.evaluate(() => {
    const element = /** @type {HTMLElement} */ (document.activeElement);
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return {
      name: element.getAttribute('aria-label') || element.innerText.trim(),
      isContent: element.closest('#VPContent') !== null,
      isVisible: width > 1 && height > 1 && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
    };
  });

/** Presses Tab until an element is found, and returns all on the way. @param {Page} page @param {(element: Awaited<ReturnType<typeof focused>>) => boolean} isFound */
async function tabTo(page, isFound) {
  const passed = [];
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    const element = await focused(page);
    passed.push(element);
    if (isFound(element)) return passed;
  }
  throw new Error(`200 times Tab: ${passed.map(({ name }) => name).join(', ')}`);
}

it('Tab reaches search, navigation and content, and shows where it is', async () => {
  const { page } = await site.visit(PAGES.guide);
  const passed = await tabTo(page, ({ isContent }) => isContent);
  const names = passed.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Skip to content', 'Search', 'API', 'Experts']));
  expect(passed.filter(({ isVisible }) => !isVisible)).toEqual([]);
});

it('a skip link leads to the content', async () => {
  const { page } = await site.visit(PAGES.guide);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ name: 'Skip to content', isVisible: true });
  await page.keyboard.press('Enter');
  const [next] = await tabTo(page, () => true);
  expect(next?.isContent).toBe(true);
});

it('the search finds an export, and Enter opens its page', { tags: ['smoke'] }, async () => {
  const { page, faults } = await site.visit(PAGES.front);
  await page.keyboard.press('/');
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type('crossStitch');
  await page.locator('.results li:first-child', { hasText: 'crossStitch' }).waitFor(); // not a result of half the word
  await page.keyboard.press('Enter');
  await page.waitForURL('**/api/baselines/single-task.html**');
  expect(faults).toEqual([]);
});
