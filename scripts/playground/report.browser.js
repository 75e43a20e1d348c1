import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderHtml, summarize } from '@polytask/study';
import { trialsOf } from '@polytask/study/testing';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../browser/chromium.js';
import { picture, SCREENS } from '../browser/looks.js';

const LEVEL = {
  outputs: ['click'],
  experts: ['click.0', 'shared.0'],
  ...{ gated: [[0.25, 0.75]], gatedDeviation: [[0.1, 0.1]], constant: [[0.5, 0]] },
};
const CURVE = [0.6, 0.65, 0.7].map((auc, e) => ({ loss: 1 - e / 4, validation: { click: auc }, seconds: 1 }));
const TRIALS = [
  ...trialsOf('single-task', { auc: [0.8, 0.81, 0.82], ne: [0.6, 0.61, 0.62] }),
  ...trialsOf('ple', { auc: [0.82, 0.8, 0.83], ne: [0.59, 0.6, 0.6] }),
  ...trialsOf('adatt', { auc: [0.9, 0.915, 0.92], ne: [0.5, 0.51, 0.52] }),
].map((trial) => ({ ...trial, curve: CURVE, fusion: [LEVEL] }));

/** @type {import('playwright-core').Browser} */
let browser;
let folder = '';
let address = '';
beforeAll(async () => {
  browser = await startChromium();
  folder = await mkdtemp(path.join(tmpdir(), 'polytask-report-'));
  const file = path.join(folder, 'report.html');
  const summary = summarize(TRIALS);
  await writeFile(file, renderHtml({ summaries: [summary], trials: TRIALS }));
  address = pathToFileURL(file).href;
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/**
 * Opens the report as a file. `heard` has the addresses that it asked for, and its errors.
 *
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  /** @type {string[]} */
  const heard = [];
  page.on('request', (request) => heard.push(request.url()));
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', ({ message }) => heard.push(message));
  await page.goto(address);
  return { page, heard };
}

it('reads a point, and compares another pair of models on another score', async () => {
  const { page, heard } = await open();
  const seeds = page.locator('.seeds');
  await seeds.getByLabel('Model').selectOption('ple');
  expect(await seeds.textContent()).toMatch(/ple minus single-task: \+0\.0067 ±\d.* ple is ahead on 2 of 3 seeds\./);
  await seeds.locator('circle').nth(2).hover();
  expect(await seeds.locator('.readout').textContent()).toBe('Seed 3: ple 0.8300, single-task 0.8200.');
  await seeds.getByLabel('Score').selectOption('click: NE');
  await seeds.getByLabel('Model').selectOption('adatt');
  await seeds.getByLabel('minus').selectOption('ple');
  expect(await seeds.textContent()).toContain('adatt minus ple: -0.0867');
  expect(await seeds.textContent()).toContain('adatt is ahead on 3 of 3 seeds.'); // a lower NE is better
  expect(heard).toEqual([address]);
});

it('sorts and filters the differences', async () => {
  const { page } = await open();
  await page.getByText('All differences').click();
  const table = page.locator('.differences');
  const differences = () => table.locator('tbody td:nth-child(4)').allTextContents();
  const sort = table.getByRole('button', { name: 'difference' });
  await sort.click();
  const up = (await differences()).map(parseFloat);
  expect(up).toEqual([-0.1, -0.0133, 0.0067, 0.1017]);
  await sort.click();
  expect((await differences()).map(parseFloat)).toEqual(up.reverse());
  expect(await table.locator('th[aria-sort=descending]').textContent()).toBe('difference');
  await table.getByLabel('Rows with').fill('ple auc');
  expect(await table.locator('tbody th').allTextContents()).toEqual(['ple']);
});

it('shows an earlier epoch of a training', async () => {
  const { page } = await open();
  await page.locator('.scrubber input').fill('2');
  await page.locator('.scrubber', { hasText: 'Epoch 2 of 3' }).waitFor();
  const chart = page.locator('.chart', { hasText: 'validation AUC' });
  await chart.locator('svg').hover({ position: { x: 45, y: 40 } });
  expect(await chart.locator('.values').textContent()).toContain('epoch 1: 0.6000');
  expect(await page.locator('.network').count()).toBe(3);
});

it('keeps its tables and pictures where scripts are off', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  expect(await page.locator('figure svg').count()).toBeGreaterThan(3);
  await page.getByText('All differences').click();
  expect(await page.getByText('95% t interval', { exact: true }).count()).toBe(1);
  expect(await page.locator('.seeds').count()).toBe(0);
});

describe.each(/** @type {const} */ (['desktop', 'phone']))('on a %s', (screen) => {
  it.each(/** @type {const} */ (['light', 'dark']))('axe finds nothing in the views, in %s', async (colorScheme) => {
    const { page } = await open({ ...SCREENS[screen], colorScheme, bypassCSP: true }); // axe is a script of the test
    await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    await picture(page, `report-${screen}-${colorScheme}`);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run('[data-view]'));
    expect(violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)).toEqual([]);
  });
});
