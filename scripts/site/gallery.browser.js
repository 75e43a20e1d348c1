import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, picture } from '../browser/looks.js';
import { openSite, PAGES } from './visit.js';

const site = forTests(openSite);

it('the filter shows the architectures for what somebody has, also by the keyboard', { tags: ['smoke'] }, async () => {
  const { page, faults } = await site.visit(PAGES.gallery);
  const shown = () => page.locator('.gallery-cards strong:visible').allTextContents();
  const all = await shown();
  expect(all).toEqual(expect.arrayContaining(['adatt', 'star', 'esmm', 'dcmt', 'gradient-boosting']));
  await page.getByLabel('a funnel').check();
  expect(await shown()).toEqual(['esmm', 'aitm', 'escm2-ips', 'escm2-dr', 'dcmt', 'dbmtl']);
  expect(await page.getByRole('status').innerText()).toContain('The tasks are steps');
  await picture(page, 'gallery-funnel');
  await page.keyboard.press('ArrowRight');
  expect(await page.getByLabel('scenarios').isChecked()).toBe(true);
  expect(await shown()).toContain('star');
  expect(await shown()).not.toContain('esmm');
  const serious = (await axeFaults(page)).filter(({ impact }) => ['serious', 'critical'].includes(impact));
  expect(serious.map(({ text }) => text)).toEqual([]);
  await page.getByLabel('anything').check();
  expect(await shown()).toEqual(all);
  expect(faults).toEqual([]);
});

it('every card has a picture that loads, and opens its page', async () => {
  const { page } = await site.visit(PAGES.gallery);
  const pictures = page.locator('.gallery-cards img');
  for (const image of await pictures.all()) {
    await image.scrollIntoViewIfNeeded();
    await expect.poll(() => image.evaluate((element) => /** @type {any} */ (element).naturalWidth)).toBeGreaterThan(0);
  }
  await page.locator('.gallery-cards').getByRole('link', { name: 'star', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'star' }).waitFor();
});

it('results of a funnel on tasks that are none say so', async () => {
  const { page } = await site.visit(PAGES.gallery);
  expect(await page.locator('tr', { hasText: 'esmm' }).first().innerText()).toContain('no funnel');
  await page.goto(`${page.url()}esmm.html`);
  expect(await page.locator('.warning').innerText()).toContain("aren't the steps of a funnel");
});
