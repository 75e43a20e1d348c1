import path from 'node:path';
import { openBrowser } from '../browser/chromium.js';
import { windowOf } from '../browser/looks.js';
import { serve } from '../browser/site.js';
import { PLAYGROUND } from './build-site.js';

/** A browser and the site of the playground. */
export async function openPlayground() {
  const opened = await openBrowser(serve(path.join(PLAYGROUND, 'dist')));
  return {
    ...opened,
    /**
     * Opens the page in a new window.
     *
     * @param {string} [setup] the part of the address after `#`
     * @param {import('../browser/looks.js').Look} [look]
     */
    async visit(setup = '', look = {}) {
      const context = await opened.browser.newContext({
        ...windowOf(look),
        acceptDownloads: true,
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      await page.goto(`${opened.url}#${setup}`);
      await page.getByRole('button', { name: 'Compare' }).waitFor();
      return page;
    },
  };
}

/** Waits until a comparison has ended. @param {import('playwright-core').Page} page @param {number} [timeout] in ms */
export const ended = (page, timeout = 240_000) =>
  page.locator('.run-bar strong', { hasText: /^(Done|Stopped)$/ }).waitFor({ timeout });

/** Starts a comparison and waits for its end. @param {import('playwright-core').Page} page */
export async function compare(page) {
  await page.getByRole('button', { name: 'Compare' }).click();
  await ended(page);
}

/**
 * Clicks a button and returns the bytes and the name of the file that it downloads.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} button
 */
export async function downloaded(page, button) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Drops a file on the page. @param {import('playwright-core').Page} page @param {{ name: string, text: string }} file */
export const drop = (page, file) =>
  page.evaluate(({ name, text }) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, file);
