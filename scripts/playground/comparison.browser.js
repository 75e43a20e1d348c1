import { runSuite, tradeOffs } from '@polytask/bench';
import { expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { picture } from '../browser/looks.js';
import { watchMainThreads } from '../browser/main-thread.js';
import { compare, downloaded, ended, openPlayground } from './visit.js';

const SMALL = 'rows=500&epochs=3&seeds=2&models=single-task,mmoe,adatt';

const playground = forTests(openPlayground);

it(
  'compares as the command line does: the same trials, the same numbers, the same sentences',
  { tags: ['smoke'] },
  async () => {
    const page = await playground.visit(SMALL);
    await compare(page);
    const suite = JSON.parse((await downloaded(page, 'playground.json')).bytes.toString());
    const { bytes } = await downloaded(page, 'results.jsonl');
    const here = bytes
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { trials: there } = await runSuite({ suite, engine: 'compiled-wasm' });
    expect(here).toHaveLength(6);
    for (const trial of there) {
      const same = here.find(({ model, seed }) => model === trial.model && seed === trial.seed);
      expect([same.suite, same.engine, same.config]).toEqual([trial.suite, trial.engine, trial.config]);
      for (const [task, { auc }] of Object.entries(trial.metrics)) {
        expect(same.metrics[task].auc, `${trial.model}, seed ${trial.seed}, ${task}`).toBeCloseTo(auc, 4);
      }
    }
    expect(await page.locator('.verdict').textContent()).toContain(
      "Undecided: 2 seeds can't separate the models from chance; a verdict takes at least 5. For now take ",
    );
    expect(await page.locator('.networks .network').count()).toBe(3);
    expect(await page.locator('.verdict [aria-live] figure svg .dot').count()).toBe(2); // the gains of two models
  },
);

it('weighs the first task against the others as `polytask trade-offs` does', async () => {
  const page = await playground.visit('rows=500&epochs=3&seeds=2&models=mmoe&tradeOffs=yes');
  await compare(page);
  await picture(page, 'trade-offs');
  expect(await page.locator('.verdict').textContent()).toContain('mmoe: ');
  expect(await page.locator('.run-bar').textContent()).toContain('10 of 10 trials');
  await page.getByRole('button', { name: 'Copy the command' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    "npx polytask trade-offs playground.json --models 'mmoe' --seeds 2 --out trade-offs\n",
  );
  const suite = JSON.parse((await downloaded(page, 'playground.json')).bytes.toString());
  const { points } = await tradeOffs({ suite, models: ['mmoe'], seeds: [1, 2], engine: 'compiled-wasm' });
  const [, ...shown] = await page.locator('.verdict table').first().locator('tr').allTextContents();
  const fixed = points.filter(({ isConditioned }) => !isConditioned);
  expect(shown).toHaveLength(5);
  for (const [i, { score }] of fixed.entries())
    expect(Number(shown[i]?.match(/0\.\d{4}/)?.[0])).toBeCloseTo(score.mean, 3);
});

it('draws each epoch, and shows an earlier one again', async () => {
  const page = await playground.visit(SMALL);
  await compare(page);
  const widths = () =>
    page.locator('.network .takes').evaluateAll((paths) => paths.map((each) => getComputedStyle(each).strokeWidth));
  const last = await widths();
  await page.locator('.scrubber input').fill('1');
  await page.locator('.scrubber', { hasText: 'Epoch 1 of 3' }).waitFor();
  await page.waitForTimeout(500); // the transition
  expect(await widths()).not.toEqual(last);
  await page.getByRole('button', { name: 'Play again' }).click();
  await page.locator('.scrubber', { hasText: 'Epoch 3 of 3' }).waitFor();
  await picture(page, 'synthetic');
});

it('says nothing of a winner with one seed, and trains further seeds only', async () => {
  const page = await playground.visit('rows=500&epochs=2&seeds=1&models=single-task,adatt');
  await compare(page);
  expect(await page.locator('.answer').textContent()).toContain(
    "Undecided: 1 seed can't separate the models from chance; a verdict takes at least 5.",
  );
  await page.getByLabel('Seeds', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.locator('.run-bar', { hasText: '6 of 6 trials' }).waitFor();
  await ended(page);
  expect(await page.locator('.verdict').textContent()).toContain('2 models, 3 seeds, on ');
});

it('pauses at the end of an epoch, goes on, and stops', async () => {
  const page = await playground.visit('rows=8000&epochs=100&seeds=4&models=single-task,adatt');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.locator('.running', { hasText: 'epoch 2' }).first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.waitForTimeout(3000); // both workers come to the end of their epochs
  const paused = await page.locator('.running').textContent();
  await page.waitForTimeout(2000);
  expect(await page.locator('.running').textContent()).toBe(paused);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForFunction((text) => document.querySelector('.running')?.textContent !== text, paused);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('.run-bar strong', { hasText: 'Stopped' }).waitFor();
  await page.getByLabel('Seeds', { exact: true }).fill('1'); // the page is free for another comparison
  await page.getByLabel('Epochs at most').fill('2');
  await compare(page);
  expect(await page.locator('.run-bar').textContent()).toContain('2 of 2 trials');
});

it('leaves the page free: while workers train, no task takes what sorting 200,000 numbers takes', async () => {
  const page = await playground.visit('rows=2000&epochs=10&seeds=3&models=single-task,mmoe,adatt');
  const tasks = await watchMainThreads(playground.browser);
  await compare(page);
  expect((await tasks.longest()).sorts).toBeLessThan(1);
});

it('has the setup in its address, and says what it cannot read there', async () => {
  const page = await playground.visit('correlation=0.3&models=ple,adatt&levels=9&shape=round');
  const alert = await page.getByRole('alert').textContent();
  expect(alert).toContain('The address has levels=9. Expected a number from 1 to 3');
  expect(alert).toContain('The address has shape=round, and there is no setting of this name.');
  expect(await page.getByLabel('Correlation').inputValue()).toBe('0.3');
  expect(await page.getByLabel('ple', { exact: true }).isChecked()).toBe(true);
  await page.getByLabel('Correlation').fill('0.5');
  await expect.poll(() => new URL(page.url()).hash).toBe('#correlation=0.5&models=ple,adatt');
});
