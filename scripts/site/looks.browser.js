import { describe, expect, it } from 'vitest';
import { forTests } from '../browser/for-tests.js';
import { axeFaults, LOOKS, picture, pixelsBeside } from '../browser/looks.js';
import { openSite, PAGES } from './visit.js';

const site = forTests(openSite);

describe.each(Object.entries(PAGES))('the %s', (name, address) => {
  it.each(LOOKS)('has no fault on a $screen, in $colors', async (look) => {
    const { page, faults } = await site.visit(address, look);
    await picture(page, `${name}-${look.screen}-${look.colors}`);
    const serious = (await axeFaults(page)).filter(({ impact }) => ['serious', 'critical'].includes(impact));
    expect(serious.map(({ text }) => text)).toEqual([]);
    expect(await pixelsBeside(page), 'pixels beside the screen').toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

it('the front page is light and fast until its demo starts', async () => {
  const loads = [];
  for (let i = 0; i < 3; i++) {
    const { page } = await site.visit(PAGES.front, { still: true });
    loads.push(
      await page.evaluate(() => {
        const entries = /** @type {PerformanceResourceTiming[]} */ ([
          ...performance.getEntriesByType('navigation'),
          ...performance.getEntriesByType('resource'),
        ]);
        return {
          bytes: entries.reduce((sum, { transferSize }) => sum + transferSize, 0),
          ready: /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType('navigation')[0])
            .loadEventEnd,
        };
      }),
    );
    await page.context().close();
  }
  expect(Math.max(...loads.map(({ bytes }) => bytes)), 'bytes').toBeLessThan(300_000);
  expect(Math.min(...loads.map(({ ready }) => ready)), 'ms').toBeLessThan(1000); // the machine may be busy once
});
