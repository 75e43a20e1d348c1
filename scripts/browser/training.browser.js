import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage } from './chromium.js';
import { forTests } from './for-tests.js';
import { watchMainThreads } from './main-thread.js';
import * as program from './program.js';
import { siteOf } from './site.js';

const opened = forTests(async () => {
  const { browser, url, close } = await openBrowser(siteOf(path.join(import.meta.dirname, 'in-page.js')));
  return { browser, url, close, page: await openPage(await browser.newContext(), url) };
});

/** Calls a function of the program in the page or its worker. @param {'here' | 'inWorker'} place @param {string} call @param {object} options */
const ask = (place, call, options) =>
  opened.page.evaluate(
    ([to, request]) => /** @type {any} */ (globalThis)[to](request),
    /** @type {const} */ ([place, { call, options }]),
  );

/** @type {readonly [string, { backend: string, engine: 'eager' | 'compiled' | 'auto' }, string][]} */
const WAYS = [
  ['cpu', { backend: 'cpu', engine: 'eager' }, 'eager (cpu)'],
  ['wasm', { backend: 'wasm', engine: 'eager' }, 'eager (wasm)'],
  ['webgl', { backend: 'webgl', engine: 'eager' }, 'eager (webgl)'],
  ['compiled', { backend: 'cpu', engine: 'compiled' }, 'compiled (onnxruntime-web)'],
  ['auto', { backend: 'cpu', engine: 'auto' }, 'compiled (onnxruntime-web)'],
];

describe.each(/** @type {const} */ (['here', 'inWorker']))('%s', (place) => {
  it.each(WAYS)(
    '%s has the losses of Node, and models go both ways',
    { tags: ['smoke'] },
    async (name, options, engine) => {
      const backend = name === 'webgl' ? 'cpu' : options.backend; // Node has no WebGL
      const inNode = await program.train({
        backend,
        engine: engine.startsWith('compiled') ? 'compiled-wasm' : 'eager',
      });
      const inPage = await ask(place, 'train', options);
      expect(inPage.engine).toBe(engine);
      if (options.engine === 'eager' && name !== 'webgl') expect(inPage.losses).toEqual(inNode.losses);
      else inNode.losses.forEach((loss, epoch) => expect(inPage.losses[epoch]).toBeCloseTo(loss, 5));
      expectClose(await ask(place, 'predict', { backend: options.backend, files: inNode.files }), inNode.predictions);
      expectClose(await program.predict({ backend: 'cpu', files: inPage.files }), inPage.predictions);
    },
  );
});

/** Opens pages with a Content-Security-Policy. @param {import('playwright-core').BrowserContext} context @param {string} policy */
const withPolicy = (context, policy) =>
  context.route(opened.url, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });

/** @type {readonly [string, (context: import('playwright-core').BrowserContext) => Promise<unknown>, string][]} */
const REFUSED = [
  [
    'whose server lacks the .wasm file of ONNX Runtime',
    (context) => context.route('**/ort-*.wasm', (route) => route.fulfill({ status: 404 })),
    "onnxruntime-web can't start",
  ],
  [
    "under script-src 'self'",
    (context) => withPolicy(context, "script-src 'self'"),
    "add 'wasm-unsafe-eval' to its script-src.",
  ],
];

it.each(REFUSED)('runs eagerly in a page %s, and says so in one line', async (_, refuse, reason) => {
  const context = await opened.browser.newContext();
  await refuse(context);
  const tab = await openPage(context, opened.url);
  /** @type {string[]} */
  const warnings = [];
  tab.on('console', (message) => void (message.type() === 'warning' && warnings.push(message.text())));
  const call = (/** @type {string} */ name) =>
    tab.evaluate(
      ([call, options]) => /** @type {any} */ (globalThis).here({ call, options }),
      /** @type {const} */ ([name, { backend: 'cpu', engine: 'auto' }]),
    );
  const inNode = await program.train({ backend: 'cpu', engine: 'eager' });
  const inPage = await call('train');
  expect([inPage.engine, inPage.losses]).toEqual(['eager (cpu)', inNode.losses]);
  expect(await call('score')).toEqual(await program.score({ backend: 'cpu', engine: 'eager' }));
  expect(warnings.filter((line) => line.includes('Running eagerly'))).toEqual([expect.stringContaining(reason)]);
  await context.close();
});

it("runs compiled under script-src 'self' 'wasm-unsafe-eval', with nothing on the console", async () => {
  const context = await opened.browser.newContext();
  await withPolicy(context, "script-src 'self' 'wasm-unsafe-eval'");
  const tab = await openPage(context, opened.url);
  /** @type {string[]} */
  const lines = [];
  tab.on('console', (message) => void lines.push(message.text()));
  const { engine } = await tab.evaluate(() =>
    /** @type {any} */ (globalThis).here({ call: 'train', options: { backend: 'cpu', engine: 'auto' } }),
  );
  expect([engine, lines]).toEqual(['compiled (onnxruntime-web)', []]);
  await context.close();
});

it('leaves the page free while a worker trains', async () => {
  const train = (/** @type {number} */ epochs) =>
    ask('inWorker', 'train', { backend: 'cpu', engine: 'compiled', epochs });
  await train(1); // a page that was just opened still has tasks
  const tasks = await watchMainThreads(opened.browser);
  await train(20);
  expect((await tasks.longest()).sorts).toBeLessThan(1);
});

it('trains on a CSV file of an <input>, as a stream', async () => {
  expect(await ask('inWorker', 'trainOnFile', { count: 1000 })).toEqual(await program.trainOnFile({ count: 1000 }));
});

describe.each(['indexeddb', 'opfs'])('the storage %s', (scheme) => {
  it('goes on after the tab was closed, and has the model of a run without a stop', async () => {
    const context = await opened.browser.newContext();
    const options = { directory: `${scheme}://stopped`, resume: false, stopAfter: 7 };
    const tab = await openPage(context, opened.url);
    await tab.evaluate((each) => void (/** @type {any} */ (globalThis).here(each)), {
      call: 'trainInStorage',
      options,
    });
    await tab.waitForTimeout(5000);
    await tab.close();
    const next = await openPage(context, opened.url);
    /** @param {object} each */
    const run = (each) =>
      next.evaluate((request) => /** @type {any} */ (globalThis).here(request), {
        call: 'trainInStorage',
        options: each,
      });
    const resumed = await run({ directory: `${scheme}://stopped`, resume: true });
    const straight = await run({ directory: `${scheme}://straight`, resume: false });
    expect([resumed.first, straight.first]).toEqual([7, 1]);
    expect(resumed.files).toEqual(straight.files);
    await context.close();
  });

  it.each(/** @type {const} */ (['here', 'inWorker']))('keeps what core promises of a folder: %s', async (place) => {
    const lines = [1, 2, 3].flatMap((n) => [`begin ${n}`, `end ${n}`]);
    expect(await ask(place, 'useFolder', { directory: `${scheme}://${place}/deep` })).toEqual({
      ...{ a: undefined, b: 'one\ntwo\n', log: `${lines.join('\n')}\n`, size: 8, none: 0 },
    });
  });
});

/** @param {Record<string, number[]>} received @param {Record<string, number[]>} expected */
function expectClose(received, expected) {
  expect(Object.keys(received)).toEqual(Object.keys(expected));
  for (const [task, values] of Object.entries(expected)) {
    values.forEach((value, row) => expect(received[task][row], `${task} of row ${row}`).toBeCloseTo(value, 5));
  }
}

afterAll(() => tf.setBackend('cpu'));
