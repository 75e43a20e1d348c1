import { describe, expect, it } from 'vitest';
import { LESSONS } from '../../apps/playground/src/lessons/lessons.ts';
import { forTests } from '../browser/for-tests.js';
import { openSite, PAGES } from './visit.js';

const site = forTests(openSite);

describe('the playground opens', () => {
  it('the trials of a report', { tags: ['smoke'] }, async () => {
    const { page, faults } = await site.visit(PAGES.report);
    await page.getByRole('link', { name: 'explore these trials' }).click();
    await page.locator('.run-bar', { hasText: '100 of 100 trials' }).waitFor();
    await expect.poll(() => page.locator('.verdict table').first().locator('tbody tr').count()).toBe(5);
    expect(faults).toEqual([]);
  });

  it('with the model of a page of the gallery', async () => {
    const { page, faults } = await site.visit('gallery/home.html');
    await page.getByRole('link', { name: 'Try it in the playground' }).click();
    expect(await page.getByLabel('home', { exact: true }).isChecked()).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it.each([
    ['docs/when-sharing-helps.html', ['why-share', 'negative-transfer', 'seesaw']],
    ['docs/gating.html', ['gates-that-collapse']],
    ['docs/adatt.html', ['residual']],
  ])('the lessons of %s', async (address, names) => {
    for (const name of names) {
      const { page } = await site.visit(address);
      const { title } = /** @type {import('../../apps/playground/src/lessons/lessons.ts').Lesson} */ (LESSONS[name]);
      await page.locator('.page-links').getByRole('link', { name: title }).click();
      expect(await page.locator('#lesson-title').textContent()).toBe(title);
      await page.context().close();
    }
  });
});

it('the playground leads back to its guide and to the gallery', async () => {
  const { page, faults } = await site.visit(PAGES.playground);
  await page.getByRole('link', { name: 'How to use it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'All architectures' }).click();
  await page.getByRole('heading', { level: 1, name: 'Gallery' }).waitFor();
  expect(faults).toEqual([]);
});

it('a click on the head of a table of results sorts its rows, and a second one turns them round', async () => {
  const { page } = await site.visit('docs/results/related-work/report.html');
  const table = page.locator('.vp-doc table').first();
  const titles = await table.locator('th').allTextContents();
  const nth = titles.findIndex((title) => title.includes('parameters')) + 1;
  const parameters = async () =>
    (await table.locator(`tbody tr td:nth-child(${nth})`).allTextContents()).map((text) =>
      Number(text.replace(/,/g, '')),
    );
  const numbers = await parameters();
  const ascending = [...numbers].sort((a, b) => a - b);
  await table.getByRole('button', { name: 'parameters' }).click();
  expect(await parameters()).toEqual([...ascending].reverse());
  expect(ascending[0]).toBeGreaterThan(0);
  await table.getByRole('button', { name: 'parameters' }).click();
  expect(await parameters()).toEqual(ascending);
  expect(await table.locator('th', { hasText: 'parameters' }).getAttribute('aria-sort')).toBe('ascending');
});
