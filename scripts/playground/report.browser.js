import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { comparisonDocument, renderHtml, summarize } from '@polytask/study';
import { trialsOf } from '@polytask/study/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../browser/chromium.js';
import { axeFaults, picture, SCREENS } from '../browser/looks.js';

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
  await writeFile(file, renderHtml(comparisonDocument({ summaries: [summary], trials: TRIALS })));
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

it('sorts the differences by a click, and asks for nothing', async () => {
  const { page, heard } = await open();
  await page.getByText('All differences').click();
  const table = page.locator('.sortable');
  const differences = async () => (await table.locator('tbody td:nth-child(4)').allTextContents()).map(parseFloat);
  const sort = table.getByRole('button', { name: 'difference' });
  await sort.click();
  const up = await differences();
  expect(up).toEqual([-0.1, -0.0133, 0.0067, 0.1017]);
  await sort.click();
  expect(await differences()).toEqual(up.reverse());
  expect(await table.locator('th[aria-sort=descending]').textContent()).toBe('difference');
  expect(heard).toEqual([address]);
});

it('shows advice, answer and the first picture without scrolling', async () => {
  const { page } = await open({ viewport: { width: 1280, height: 900 } });
  const box = await page.locator('figure svg').first().boundingBox();
  expect(box && box.y + box.height).toBeLessThan(900);
  expect(await page.locator('.answer').textContent()).toMatch(/^Undecided: .* For now take /);
  expect(await page.locator('figure svg title', { hasText: 'adatt: +0.1017' }).count()).toBe(1);
});

it('keeps all but the sorting where scripts are off', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  expect(await page.locator('figure svg').count()).toBeGreaterThan(3);
  await page.getByText('All differences').click();
  expect(await page.getByText('95% t interval', { exact: true }).count()).toBe(1);
});

describe.each(/** @type {const} */ (['desktop', 'phone']))('on a %s', (screen) => {
  it.each(/** @type {const} */ (['light', 'dark']))('axe finds nothing in the report, in %s', async (colorScheme) => {
    const { page } = await open({ ...SCREENS[screen], colorScheme, bypassCSP: true }); // axe is a script of the test
    await page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    await picture(page, `report-${screen}-${colorScheme}`);
    expect(await axeFaults(page)).toEqual([]);
  });
});
