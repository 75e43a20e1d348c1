#!/usr/bin/env node
/**
 * Times training steps in a worker of Chromium: the compiled engine and TensorFlow.js's wasm backend, in turns. The model is
 * AdaTT-sp of configuration A.
 *
 *     npm run compare-browser -- [--rounds 7] [--seconds 2] [--threads 1]
 *
 * Exit code 1 when the median of the ratios is less than 3.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, openPage } from '../browser/chromium.js';
import { siteOf } from '../browser/site.js';
import { numberOption } from './number-option.js';

/** Configuration A of `polytask time`. */
const SIZES = { inputDim: 320, tasks: 3, dims: [64, 32], perTask: 2, tower: [16], batch: 1024 };
const GOAL = 3;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
  },
});
const threads = numberOption('threads', values.threads);
const options = {
  sizes: SIZES,
  threads,
  rounds: numberOption('rounds', values.rounds),
  milliseconds: 1000 * numberOption('seconds', values.seconds),
};

const entry = path.join(import.meta.dirname, '../browser/in-page-speed.js');
const { browser, url, close } = await openBrowser(siteOf(entry, { isolated: threads > 1 }));
try {
  const page = await openPage(await browser.newContext(), url);
  /** @type {{ compiled: number, wasm: number }[]} */
  const rounds = await page.evaluate((request) => /** @type {any} */ (globalThis).inWorker(request), {
    call: 'time',
    options,
  });
  console.log(`Chromium ${browser.version()}, ${threads} thread${threads > 1 ? 's' : ''}; a step in ms, medians`);
  console.log(`${'round'.padEnd(8)}${'compiled'.padStart(10)}${'wasm'.padStart(10)}${'ratio'.padStart(8)}`);
  rounds.forEach(({ compiled, wasm }, round) => {
    const ratio = (wasm / compiled).toFixed(2);
    console.log(
      `${String(round + 1).padEnd(8)}${compiled.toFixed(1).padStart(10)}${wasm.toFixed(1).padStart(10)}${ratio.padStart(8)}`,
    );
  });
  const ratios = rounds.map(({ compiled, wasm }) => wasm / compiled).sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)];
  console.log(
    `The compiled engine is ${median.toFixed(2)} times as fast (${ratios[0].toFixed(2)}–${ratios.at(-1)?.toFixed(2)}).`,
  );
  if (median < GOAL) process.exitCode = 1;
} finally {
  await close();
}
