/**
 * Builds the projects of `examples/browser` and opens them in Chromium: each trains in a worker on ONNX Runtime.
 *
 *     npm run check-bundlers
 *
 * The packages must have been built. Exits with 1 when a project doesn't build, or its page shows something else.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { startChromium } from './browser/chromium.js';
import { serve } from './browser/site.js';
import { ROOT } from './workspace.js';

const EXAMPLES = path.join(ROOT, 'examples');

/** The command that builds each project. @type {Readonly<Record<string, string[]>>} */
const BUILDS = {
  esbuild: ['node', 'browser/esbuild/build.js'],
  vite: ['npx', 'vite', 'build', 'browser/vite', '--logLevel', 'error'],
  webpack: ['npx', 'webpack', '--config', 'browser/webpack/webpack.config.js'],
};

/** What the page of a project shows. @param {import('playwright-core').Browser} browser @param {string} folder */
async function shownBy(browser, folder) {
  const site = await serve(folder);
  const page = await browser.newPage();
  try {
    await page.goto(site.url);
    await page.waitForFunction(
      () => !document.querySelector('output')?.textContent?.startsWith('training'),
      undefined,
      {
        timeout: 120_000,
      },
    );
    return await page.locator('output').textContent();
  } finally {
    await page.close();
    await site.close();
  }
}

const browser = await startChromium();
try {
  for (const [name, [command, ...args]] of Object.entries(BUILDS)) {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: EXAMPLES, encoding: 'utf8' });
    const shown =
      status === 0 ? await shownBy(browser, path.join(EXAMPLES, 'browser', name, 'dist')) : `${stdout}${stderr}`;
    const works = /^compiled \(onnxruntime-web\), AUC 0\.\d{3}$/.test(shown ?? '');
    console.log(`${name.padEnd(8)} ${works ? '' : 'failed: '}${shown}`);
    if (!works) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
