/**
 * Builds the projects of `examples/browser`, starts the development servers of Vite, and opens the pages in Chromium: each trains
 * in a worker on ONNX Runtime.
 *
 *     npm run check-bundlers
 *
 * The packages must have been built. Exits with 1 when a project doesn't build, or its page shows something else.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startChromium } from './browser/chromium.js';
import { serve } from './browser/site.js';
import { ROOT } from './workspace.js';

const EXAMPLES = path.join(ROOT, 'examples');
const VITE = path.join(EXAMPLES, 'browser/vite');
const VITE_7 = { configFile: path.join(VITE, 'vite-7.config.js') };

/** A page that is served. @typedef {{ url: string, close: () => Promise<void> }} Site */

/** Runs a script of Node in the examples, and serves what it built. @param {string} folder @param {string[]} args @returns {Promise<Site>} */
async function built(folder, ...args) {
  const { status, stdout, stderr } = spawnSync('node', args, { cwd: EXAMPLES, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return serve(path.join(EXAMPLES, 'browser', folder));
}

/** The file of a package that a workspace depends on. @param {string} workspace @param {string} file */
const fileOf = (workspace, file) => createRequire(path.join(ROOT, workspace, 'package.json')).resolve(file);

/** The Vite of a workspace: the examples have Vite 8, the playground Vite 7. @param {string} workspace */
const viteOf = async (workspace) => {
  const folder = path.dirname(fileOf(workspace, 'vite/package.json'));
  return import(pathToFileURL(path.join(folder, 'dist/node/index.js')).href);
};

/** Builds with Vite. @param {string} workspace @param {string} folder @param {object} [config] @returns {Promise<Site>} */
async function viteBuild(workspace, folder, config = { configFile: false }) {
  await (await viteOf(workspace)).build({ root: VITE, logLevel: 'error', ...config });
  return serve(path.join(EXAMPLES, 'browser', folder));
}

/** Starts the development server of Vite. @param {string} workspace @param {object} [config] @returns {Promise<Site>} */
async function viteServer(workspace, config = { configFile: false }) {
  const cacheDir = path.join(VITE, 'dist/cache', workspace); // none of an earlier run
  const { createServer } = await viteOf(workspace);
  const server = await createServer({
    root: VITE,
    cacheDir,
    logLevel: 'error',
    optimizeDeps: { force: true },
    ...config,
  });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** How the page of each project is served. @type {Readonly<Record<string, () => Promise<Site>>>} */
const SITES = {
  esbuild: () => built('esbuild/dist', 'browser/esbuild/build.js'),
  'Vite 8': () => viteBuild('examples', 'vite/dist'),
  'Vite 8, development': () => viteServer('examples'),
  'Vite 7': () => viteBuild('apps/playground', 'vite/dist/vite-7', VITE_7),
  'Vite 7, development': () => viteServer('apps/playground', VITE_7),
  webpack: () =>
    built(
      'webpack/dist',
      fileOf('examples', 'webpack-cli/bin/cli.js'),
      '--config',
      'browser/webpack/webpack.config.js',
    ),
};

/** What the page of a site shows when it has trained. @param {import('playwright-core').Browser} browser @param {Site} site */
async function shownBy(browser, site) {
  const page = await browser.newPage();
  try {
    await page.goto(site.url);
    // Vite's development server loads the page anew when it has found another package: until then the worker fails
    const output = page.locator('output');
    await output
      .filter({ hasText: 'AUC' })
      .waitFor({ timeout: 120_000 })
      .catch(() => undefined);
    return await output.textContent();
  } finally {
    await page.close();
    await site.close();
  }
}

const browser = await startChromium();
try {
  for (const [name, siteOf] of Object.entries(SITES)) {
    const shown = await siteOf()
      .then((site) => shownBy(browser, site))
      .catch(String);
    const works = /^compiled \(onnxruntime-web\), AUC 0\.\d{3}$/.test(shown ?? '');
    console.log(`${name.padEnd(19)} ${works ? '' : 'failed: '}${shown}`);
    if (!works) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
