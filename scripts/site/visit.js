import { existsSync } from 'node:fs';
import path from 'node:path';
import { openBrowser } from '../browser/chromium.js';
import { windowOf } from '../browser/looks.js';
import { serve } from '../browser/site.js';
import { ROOT } from '../workspace.js';

/** The folder of the built site. */
export const SITE = path.join(ROOT, 'apps', 'site', 'dist');

/** A page for each kind of the site, by its address. */
export const PAGES = {
  front: '',
  guide: 'docs/data.html',
  'API page': 'api/core/model/model.html',
  results: 'docs/results/',
  report: 'docs/results/heat-map/report.html',
  decision: 'docs/decisions/0041-reference-by-file.html',
  gallery: 'gallery/',
  'parts of the gallery': 'gallery/parts.html',
  'page of the gallery': 'gallery/adatt.html',
  playground: 'playground/index.html',
};

/** A browser and the built site. @throws Error when the site isn't built */
export async function openSite() {
  if (!existsSync(path.join(SITE, 'index.html'))) throw new Error('There is no site. Run `npm run docs` first.');
  const { browser, url, close } = await openBrowser(serve(SITE));
  return {
    /**
     * Opens a page in a new window, and collects what goes wrong on it.
     *
     * @param {string} address relative to the site
     * @param {import('../browser/looks.js').Look} [look]
     */
    async visit(address, look = {}) {
      const context = await browser.newContext(windowOf(look));
      const page = await context.newPage();
      /** Errors of the console, failed requests, and requests to other sites. @type {string[]} */
      const faults = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('request', (request) => {
        const isOwn = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
        if (!isOwn) faults.push(`a request to ${request.url()}`);
      });
      page.on('response', (response) => response.ok() || faults.push(`${response.status()} for ${response.url()}`));
      await page.goto(url + address, { waitUntil: 'networkidle' });
      return { page, faults };
    },
    close,
  };
}
