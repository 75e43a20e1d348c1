import { chromium } from 'playwright-core';

/** Starts the system's Chromium without a window, with WebGL and WebGPU in software. Its pages can collect garbage, `gc()`, and measure memory. */
export const startChromium = () =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--js-flags=--expose-gc', '--enable-precise-memory-info'],
      ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      ...['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    ],
  });

/**
 * A browser for a site that is being started. `close` ends both.
 *
 * @param {Promise<{ url: string, close(): Promise<void> }>} starting
 */
export async function openBrowser(starting) {
  const [browser, site] = await Promise.all([startChromium(), starting]);
  const close = async () => {
    await browser.close();
    await site.close();
  };
  return { browser, url: site.url, close };
}

/**
 * A new tab with a page whose script has run. An error of the page comes out of the next call.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} url
 */
export async function openPage(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'here' in globalThis, undefined, { timeout: 120_000 });
  return page;
}
