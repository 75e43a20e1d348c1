import path from 'node:path';
import { expect, it } from 'vitest';
import { openBrowser, openPage } from './chromium.js';
import { forTests } from './for-tests.js';
import { siteOf } from './site.js';

const opened = forTests(() => openBrowser(siteOf(path.join(import.meta.dirname, 'in-page-webgpu.js'))));

it('trains with WebGPU to the losses of WebAssembly', async () => {
  const page = await openPage(await opened.browser.newContext(), opened.url);
  /** @param {string} device @returns {Promise<number[]>} */
  const losses = (device) =>
    page.evaluate((request) => /** @type {any} */ (globalThis).inWorker(request), {
      call: 'losses',
      options: { device },
    });
  const [gpu, wasm] = [await losses('webgpu'), await losses('wasm')];
  expect(gpu).toHaveLength(3);
  gpu.forEach((loss, epoch) => expect(loss).toBeCloseTo(wasm[epoch], 4));
});
