/**
 * Runs `examples/runtimes` where users run models: Node, Bun, Deno, Cloudflare's workerd, and a page of React in Chromium.
 *
 *     npm run check-runtimes
 *
 * All must predict the same number. The packages must have been built. Installs the programs from npm into a folder of temporary files.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { startChromium } from './browser/chromium.js';
import { serve } from './browser/site.js';
import { ROOT } from './workspace.js';

const PROGRAMS = ['bun@1', 'deno@2', 'workerd@1', 'react@19', 'react-dom@19'];
const EXAMPLES = path.join(ROOT, 'examples/runtimes');
const ROW = { age: 41, weeks_worked: 52, occupation: 'Sales', state: 'Utah' };

const folder = mkdtempSync(path.join(os.tmpdir(), 'polytask-runtimes-'));
const modules = path.join(folder, 'node_modules');
const model = path.join(folder, 'people-model');

/** Runs a program to its end. @param {string} program @param {string[]} argv */
function output(program, ...argv) {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

/** What the program of a runtime prints of the model that it trains. @param {string} program @param {string[]} argv */
const predicted = (program, ...argv) =>
  Number(/"first":([\d.]+)/.exec(output(program, ...argv, path.join(EXAMPLES, 'predict.js'), model))?.[1]);

/** @param {string} entry @param {import('esbuild').BuildOptions} more */
const bundled = (entry, more) =>
  build({
    ...{ entryPoints: [path.join(EXAMPLES, entry)], bundle: true, format: 'esm', logLevel: 'error' },
    ...{ nodePaths: [modules], outfile: path.join(folder, 'dist', entry.replace('.jsx', '.js')), ...more },
  });

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a worker of workerd answers. */
async function inWorkerd() {
  const files = {
    name: 'files',
    setup: (/** @type {import('esbuild').PluginBuild} */ { onResolve }) =>
      onResolve({ filter: /people-model/ }, ({ path: file }) => ({ path: path.join(folder, file) })),
  };
  const loader = /** @type {const} */ ({ '.json': 'binary', '.safetensors': 'binary' });
  await bundled('worker.js', { plugins: [files], loader, conditions: ['workerd', 'browser'] });
  writeFileSync(path.join(folder, 'workerd.capnp'), CAPNP);
  const port = await freePort();
  const server = spawn(
    path.join(modules, '.bin/workerd'),
    ['serve', 'workerd.capnp', `--socket-addr=http=127.0.0.1:${port}`],
    { cwd: folder, stdio: 'ignore' },
  );
  try {
    const ask = (/** @type {unknown} */ body) =>
      fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await eventually(() => ask([ROW]));
    const wrong = await ask([{ age: 'old' }]);
    if (wrong.status !== 400) throw new Error(`A wrong row has status ${wrong.status}.`);
    return (await answer.json()).income[0];
  } finally {
    server.kill();
  }
}

const CAPNP = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "worker", esModule = embed "dist/worker.js")], compatibilityDate = "2026-01-01"))],
  sockets = [(name = "http", http = (), service = "main")],
);
`;

/** Tries until it works, for 30 seconds. @template T @param {() => Promise<T>} attempt @returns {Promise<T>} */
async function eventually(attempt) {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** What the page shows, to four digits. */
async function inReact() {
  await bundled('page.jsx', {
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    outfile: path.join(folder, 'page.js'),
  });
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><body><script type="module" src="page.js"></script>');
  const [site, browser] = await Promise.all([serve(folder), startChromium()]);
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.locator('output', { hasText: '41: ' }).waitFor();
    const shown = Number((await page.locator('output').textContent())?.split(' ')[1]);
    await page.locator('input').fill('60');
    await page.locator('output', { hasText: '60: ' }).waitFor();
    return shown;
  } finally {
    await browser.close();
    await site.close();
  }
}

try {
  mkdirSync(modules);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  output('npm', 'install', '--no-audit', '--no-fund', ...PROGRAMS);
  output(process.execPath, path.join(modules, 'bun/install.js')); // npm may leave its script out
  const program = (/** @type {string} */ name) => path.join(modules, '.bin', name);
  /** @type {Record<string, () => number | Promise<number>>} */
  const runtimes = {
    Node: () => predicted(process.execPath),
    Bun: () => predicted(program('bun')),
    Deno: () => predicted(program('deno'), 'run', '-A'),
    workerd: inWorkerd,
    'React in Chromium': inReact,
  };
  let expected = NaN;
  for (const [name, run] of Object.entries(runtimes)) {
    const value = await Promise.resolve().then(run).catch(String);
    if (name === 'Node') expected = Number(value);
    const works = typeof value === 'number' && Math.abs(value - expected) <= (name.startsWith('React') ? 5e-5 : 1e-6);
    console.log(`${name.padEnd(17)} ${works ? '' : 'failed: '}${value}`);
    if (!works) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
