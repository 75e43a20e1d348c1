import path from 'node:path';
import { expect, it } from 'vitest';
import { openPage, startChromium } from './chromium.js';
import { siteOf } from './site.js';

it('trains with WebGPU to the losses of WebAssembly', async () => {
  const [browser, site] = await Promise.all([
    startChromium(),
    siteOf(path.join(import.meta.dirname, 'in-page-webgpu.js')),
  ]);
  try {
    const page = await openPage(await browser.newContext(), site.url);
    /** @param {string} device @returns {Promise<number[]>} */
    const losses = (device) =>
      page.evaluate((request) => /** @type {any} */ (globalThis).inWorker(request), {
        call: 'losses',
        options: { device },
      });
    const [gpu, wasm] = [await losses('webgpu'), await losses('wasm')];
    expect(gpu).toHaveLength(3);
    gpu.forEach((loss, epoch) => expect(loss).toBeCloseTo(wasm[epoch], 4));
  } finally {
    await browser.close();
    await site.close();
  }
});
