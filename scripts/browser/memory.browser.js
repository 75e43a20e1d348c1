import path from 'node:path';
import { expect, it } from 'vitest';
import { openBrowser, openPage } from './chromium.js';
import { forTests } from './for-tests.js';
import { siteOf } from './site.js';

const opened = forTests(() => openBrowser(siteOf(path.join(import.meta.dirname, 'in-page-memory.js'))));

/** The JavaScript heap may vary by this much, in bytes. The losses of an epoch that `fit` returns are below 1 kB. */
const HEAP = 3_000_000;

it("keeps its memory over 10,000 steps, ONNX Runtime's included", async () => {
  const page = await openPage(await opened.browser.newContext(), opened.url);
  const options = { epochs: 625, batchSize: 12, at: [1000, 5000, 10_000] }; // 16 steps an epoch
  const { steps, samples } = await page.evaluate((each) => /** @type {any} */ (globalThis).here(each), {
    call: 'trainLong',
    options,
  });
  expect(steps).toBe(10_000);
  const [first, ...later] = samples;
  expect(first.wasm).toBeGreaterThan(10_000_000); // ONNX Runtime's memory was counted
  for (const { wasm, heap, tensors } of later) {
    expect([wasm, tensors]).toEqual([first.wasm, first.tensors]);
    expect(heap - first.heap).toBeLessThan(HEAP);
  }
});
