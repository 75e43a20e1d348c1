import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { serve } from '../browser/site.js';
import { PLAYGROUND } from './build-site.js';

/** The browsers: Debian's packages, where the program may be, and the command that opens a page with a home of its own. */
const BROWSERS = /** @type {[string, string, string[], (program: string, home: string) => string[]][]} */ ([
  [
    'Firefox',
    'firefox-esr',
    ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    (program, home) => [program, '--headless', '--no-remote', '--profile', home],
  ],
  [
    'WebKit',
    'webkit2gtk-driver xvfb',
    readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`),
    (program) => ['xvfb-run', '--auto-servernum', program],
  ],
]);

/** What a visitor does: compares, and waits. The page posts what it shows in the end, and each error. */
async function visit() {
  /** @type {string[]} */
  const errors = [];
  addEventListener('error', ({ message }) => errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  const wait = () => new Promise((done) => setTimeout(done, 200));
  const button = () => [...document.querySelectorAll('button')].find((each) => each.textContent === 'Compare');
  const title = () => document.querySelector('.run-bar strong')?.textContent ?? '';
  while (!button()) await wait();
  button()?.click();
  while (!/^(Done|Stopped)$/.test(title())) await wait();
  const answer = document.querySelector('.verdict')?.textContent ?? '';
  const progress = document.querySelector('.run-bar')?.textContent ?? '';
  const failed = document.querySelector('[role=alert]')?.textContent ?? '';
  await fetch('.', { method: 'POST', body: JSON.stringify({ progress, answer, failed, errors }) });
}

it.each(BROWSERS)('%s compares three models', async (name, packages, places, commandOf) => {
  const program = places.find((place) => existsSync(place));
  if (!program) throw new Error(`There is no ${name}. Run \`apt-get install ${packages}\`.`);
  const home = mkdtempSync(path.join(tmpdir(), 'polytask-browser-'));
  /** @type {(text: string) => void} */
  let onReport = () => {};
  const report = /** @type {Promise<string>} */ (new Promise((resolve) => (onReport = resolve)));
  const site = await serve(path.join(PLAYGROUND, 'dist'), { script: `(${visit})()`, onReport });
  const address = `${site.url}#rows=500&epochs=3&seeds=2&models=single-task,mmoe,adatt`;
  const [command = program, ...options] = commandOf(program, home);
  const browser = spawn(command, [...options, address], {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home },
    detached: true,
    stdio: 'ignore',
  });
  try {
    const { progress, answer, failed, errors } = JSON.parse(await report);
    expect([failed, errors]).toEqual(['', []]);
    expect(progress).toContain('6 of 6 trials');
    expect(answer).toMatch(/single-task .*\(2 seeds, paired t tests, Holm over /);
  } finally {
    process.kill(-(browser.pid ?? 0), 'SIGKILL');
    if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit');
    await site.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
