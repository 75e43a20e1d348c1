/**
 * Builds the projects of `examples/browser` and opens them in Chromium: each trains in a worker on ONNX Runtime.
 *
 *     npm run check-bundlers
 *
 * The packages must have been built. Exits with 1 when a project doesn't build, or its page shows something else.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startChromium } from './browser/chromium.js';
import { serve } from './browser/site.js';
import { ROOT } from './workspace.js';

const EXAMPLES = path.join(ROOT, 'examples');

/** The script of the Vite that a workspace depends on: the examples on Vite 8, the playground on Vite 7. @param {string} workspace */
const vite = (workspace) =>
  path.join(createRequire(path.join(ROOT, workspace, 'package.json')).resolve('vite/package.json'), '../bin/vite.js');

/** The arguments of Node that build each project, and where its page is. @type {Readonly<Record<string, { args: string[]; folder: string }>>} */
const BUILDS = {
  esbuild: { args: ['browser/esbuild/build.js'], folder: 'esbuild/dist' },
  'vite 8': { args: [vite('examples'), 'build', 'browser/vite', '--logLevel', 'error'], folder: 'vite/dist' },
  'vite 7': {
    args: [
      vite('apps/playground'),
      ...['build', 'browser/vite', '--config', 'browser/vite/vite-7.config.js', '--logLevel', 'error'],
    ],
    folder: 'vite/dist/vite-7',
  },
  webpack: {
    args: [
      createRequire(path.join(EXAMPLES, 'package.json')).resolve('webpack-cli/bin/cli.js'),
      ...['--config', 'browser/webpack/webpack.config.js'],
    ],
    folder: 'webpack/dist',
  },
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
  for (const [name, { args, folder }] of Object.entries(BUILDS)) {
    const { status, stdout, stderr } = spawnSync('node', args, { cwd: EXAMPLES, encoding: 'utf8' });
    const shown = status === 0 ? await shownBy(browser, path.join(EXAMPLES, 'browser', folder)) : `${stdout}${stderr}`;
    const works = /^compiled \(onnxruntime-web\), AUC 0\.\d{3}$/.test(shown ?? '');
    console.log(`${name.padEnd(8)} ${works ? '' : 'failed: '}${shown}`);
    if (!works) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
