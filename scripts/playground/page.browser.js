import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, LOOKS, picture, pixelsBeside } from '../browser/looks.js';
import { compare, ended, openPlayground } from './visit.js';

const playground = forTests(openPlayground);

const SMALL = 'rows=500&epochs=3&seeds=2&models=single-task,adatt';

it.each(LOOKS)('axe finds nothing on a $screen, in $colors', async (look) => {
  const page = await playground.visit(SMALL, look);
  expect(await axeFaults(page)).toEqual([]);
  await compare(page);
  await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
  await picture(page, `${look.screen}-${look.colors}`);
  expect(await axeFaults(page)).toEqual([]);
  expect(await pixelsBeside(page)).toBe(0);
});

it('works with the keyboard alone', async () => {
  const page = await playground.visit(SMALL);
  const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id);
  for (let i = 0; i < 80 && (await focused()) !== 'Compare'; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('Compare');
  await page.keyboard.press('Enter');
  await ended(page);
  expect(await page.locator('.answer').count()).toBeGreaterThan(0);
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
