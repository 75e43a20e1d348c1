import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import axe from 'axe-core';

/** The sizes of windows. @type {Readonly<Record<'desktop' | 'phone', import('playwright-core').BrowserContextOptions>>} */
export const SCREENS = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/** A page as somebody sees it; `still`: with less motion. @typedef {{ screen?: 'desktop' | 'phone', colors?: 'light' | 'dark', still?: boolean }} Look */

/** All looks of a page. @type {readonly Required<Pick<Look, 'screen' | 'colors'>>[]} */
export const LOOKS = /** @type {const} */ (['desktop', 'phone']).flatMap((screen) =>
  /** @type {const} */ (['light', 'dark']).map((colors) => ({ screen, colors })),
);

/** The options of a window with this look. @param {Look} look @returns {import('playwright-core').BrowserContextOptions} */
export const windowOf = ({ screen = 'desktop', colors = 'light', still = false }) => ({
  ...SCREENS[screen],
  colorScheme: colors,
  reducedMotion: still ? 'reduce' : 'no-preference',
});

/**
 * The faults that axe finds, with their rule and first element.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ impact: string, text: string }[]>}
 */
export async function axeFaults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
  return violations.map((/** @type {any} */ { id, impact, nodes }) => ({
    impact,
    text: `${id}: ${nodes[0].html.slice(0, 200)}`,
  }));
}

/** How many pixels of a page are beside the screen. @param {import('playwright-core').Page} page */
export const pixelsBeside = (page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));

/**
 * Keeps a picture of the whole page in the folder of the variable `SCREENSHOTS`, if it is set.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function picture(page, name) {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
