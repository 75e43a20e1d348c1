import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, LOOKS, picture, pixelsBeside } from '../browser/looks.js';
import { watchMainThreads } from '../browser/main-thread.js';
import { compare, openPlayground } from './visit.js';

const playground = forTests(openPlayground);

const CENSUS = 'source=census&epochs=3&seeds=1&models=single-task,adatt';

/** @param {import('../browser/looks.js').Look} [look] */
async function tried(look) {
  const page = await playground.visit(CENSUS, look);
  await page.locator('.described').waitFor();
  await compare(page);
  await page.locator('.changes').waitFor();
  return page;
}

it('predicts again at each step of a slider, and draws the weights of the row', async () => {
  const page = await tried();
  const scores = page.locator('.predictions strong');
  const widths = () =>
    page.locator('.try .takes').evaluateAll((paths) => paths.map((each) => each.getAttribute('style')));
  const [before, weights] = [await scores.allTextContents(), await widths()];
  const age = page.locator('#try-age');
  const start = Number(await age.inputValue());
  const tasks = await watchMainThreads(playground.browser);
  for (let step = 0; step < 25; step++) await age.press(start > 40 ? 'ArrowLeft' : 'ArrowRight');
  expect(Number(await age.inputValue())).toBe(start > 40 ? start - 25 : start + 25);
  await expect.poll(() => scores.allTextContents()).not.toEqual(before);
  await expect.poll(widths).not.toEqual(weights);
  expect((await tasks.longest()).sorts).toBeLessThan(1);
  await page.getByRole('button', { name: 'Undo my changes' }).click();
  await expect.poll(() => scores.allTextContents()).toEqual(before);
  await page.getByRole('button', { name: 'Another row' }).click();
  await page.locator('.try', { hasText: 'Row 2 of 40' }).waitFor();
});

it('finds a change that turns a prediction, which comes true', async () => {
  const page = await tried();
  await page.getByLabel('To turn').selectOption('never_married');
  const score = page.locator('.predictions li', { hasText: 'never_married' }).locator('strong');
  const number = async () => Number.parseFloat(String(await score.textContent()));
  const now = await number();
  await page.getByLabel('Threshold').fill(String(now + 2)); // a little above the row
  const change = page.locator('.changes li').first();
  await page.locator('.what-changes', { hasText: `to or over ${(now + 2).toFixed(1)}%` }).waitFor();
  const promised = /gives ([\d.]+)%/.exec(String(await change.textContent()))?.[1];
  expect(Number(promised)).toBeGreaterThanOrEqual(now + 2 - 0.1);
  await change.getByRole('button').click();
  await expect.poll(async () => Math.abs((await number()) - Number(promised))).toBeLessThan(0.06); // one is rounded to 0.1%
  expect(await page.locator('.what-changes').textContent()).toContain('the answer of the model, not a cause');
});

it('shows what each feature adds to the chosen prediction, as bars, and again for another row', async () => {
  const page = await tried();
  const figure = page.locator('.try figure', { hasText: 'Why income is' });
  await figure.locator('.bar').first().waitFor();
  const bars = () => figure.locator('.bar').evaluateAll((all) => all.map((each) => each.getAttribute('width')));
  const before = await bars();
  expect(before.length).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Another row' }).click();
  await expect.poll(bars).not.toEqual(before);
  await page.getByLabel('To turn').selectOption('never_married');
  await page.locator('.try figure', { hasText: 'Why never_married is' }).waitFor();
});

it.each(LOOKS)('axe finds nothing on a $screen, in $colors', async (look) => {
  const page = await tried(look);
  await page.locator('.try figure .bar').first().waitFor();
  await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
  await picture(page, `try-${look.screen}-${look.colors}`);
  expect(await axeFaults(page)).toEqual([]);
  expect(await pixelsBeside(page)).toBe(0);
});
