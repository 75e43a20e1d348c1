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

/** What a visitor does: compares, waits, and reloads the page. It posts what it shows before and after that, and each error. */
async function visit() {
  /** @type {string[]} */
  const errors = JSON.parse(sessionStorage.getItem('errors') ?? '[]');
  addEventListener('error', ({ message }) => errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  /** @param {string} selector */
  const textOf = (selector) => document.querySelector(selector)?.textContent ?? '';
  /** @param {() => unknown} condition */
  const until = async (condition) => {
    while (!condition()) await new Promise((done) => setTimeout(done, 200));
  };
  const before = sessionStorage.getItem('before');
  if (before === null) {
    const button = () => [...document.querySelectorAll('button')].find((each) => each.textContent === 'Compare');
    await until(button);
    button()?.click();
  }
  await until(() => /^(Done|Stopped)$/.test(textOf('.run-bar strong')));
  await until(() => textOf('.verdict') !== '' && /%/.test(textOf('.try .predictions')) && textOf('.kept li') !== '');
  const shown = { progress: textOf('.run-bar'), answer: textOf('.verdict'), tried: textOf('.try .predictions') };
  if (before === null) {
    sessionStorage.setItem('before', JSON.stringify(shown));
    sessionStorage.setItem('errors', JSON.stringify(errors));
    location.reload();
    return;
  }
  const failed = textOf('[role=alert]') + textOf('.stale-note');
  await fetch('.', {
    method: 'POST',
    body: JSON.stringify({ before: JSON.parse(before), after: shown, failed, errors }),
  });
}

it.each(BROWSERS)(
  '%s compares three models, and has them again after a reload',
  async (name, packages, places, commandOf) => {
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
      const { before, after, failed, errors } = JSON.parse(await report);
      expect([failed, errors]).toEqual(['', []]);
      expect(after).toEqual(before);
      expect(before.progress).toContain('6 of 6 trials');
      expect(before.answer).toContain(
        "Undecided: 2 seeds can't separate the models from chance; a verdict takes at least 5. For now take ",
      );
    } finally {
      process.kill(-(browser.pid ?? 0), 'SIGKILL');
      if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit');
      await site.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
