import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../../apps/playground/src/lessons/lessons.ts';
import { forTests } from '../browser/for-tests.js';
import { openSite, SITE } from './visit.js';

/** What a page says of itself to search engines and link previews. @param {string} file */
function factsOf(file) {
  const html = readFileSync(path.join(SITE, file), 'utf8');
  const [head = ''] = html.split('<body');
  const [, title] = /<title>(.*?)<\/title>/.exec(head) ?? [];
  const [, description] = /<meta\s+name="description"\s+content="([^"]*)"/.exec(head) ?? [];
  const [, picture] = /<meta property="og:image" content="([^"]*)"/.exec(head) ?? [];
  const [, address] = /<meta property="og:url" content="([^"]*)"/.exec(head) ?? [];
  return { file, title, description, picture, address };
}

/** The values that several pages have. @template T @param {readonly T[]} values */
const repeated = (values) => values.filter((value, i) => values.indexOf(value) !== i);

/** The file of an address of the built site. @param {string} address */
const fileOf = (address) => path.join(SITE, new URL(address).pathname);

describe('every page', () => {
  /** @type {ReturnType<typeof factsOf>[]} */
  let pages = [];
  beforeAll(() => {
    const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
    pages = files.filter((file) => file !== '404.html').map(factsOf);
    expect(pages.length).toBeGreaterThan(500);
  });

  it('has its own title and description', () => {
    expect(repeated(pages.map(({ title }) => title))).toEqual([]);
    expect(repeated(pages.map(({ description }) => description))).toEqual([]);
    expect(pages.filter(({ title, description }) => !title || !description)).toEqual([]);
  });

  it('has a picture of the size for previews, which is in the build', () => {
    const without = pages.filter(({ picture }) => picture === undefined || !existsSync(fileOf(picture)));
    expect(without).toEqual([]);
    for (const picture of new Set(pages.map((page) => String(page.picture)))) {
      const png = readFileSync(fileOf(picture));
      expect([png.readUInt32BE(16), png.readUInt32BE(20)], picture).toEqual([1200, 630]);
    }
  });

  it('is in the sitemap, which robots.txt names', () => {
    const robots = readFileSync(path.join(SITE, 'robots.txt'), 'utf8');
    const sitemap = readFileSync(fileOf(/^Sitemap: (.*)$/m.exec(robots)?.[1] ?? ''), 'utf8');
    const listed = [...sitemap.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, address]) => address);
    expect(listed.sort()).toEqual(pages.map(({ address }) => address).sort());
  });
});

const site = forTests(openSite);

it('a link to a lesson opens it in the playground', async () => {
  const { page } = await site.visit('playground/lessons/residual.html');
  await page.waitForURL(/\/playground\/index\.html#lesson=residual(&|$)/); // the page adds the setup
  await expect.poll(() => page.locator('#lesson-title').textContent()).toBe(LESSONS['residual']?.title);
});

describe('an unknown address', () => {
  it.each([
    ['docs/adat.html', 'AdaTT'],
    ['docs/getting-started', 'From a table to a model, without code'],
    ['docs/early_stopping.html', 'Train a model'],
  ])('%s offers the page “%s”, and it opens', async (address, title) => {
    const { page } = await site.visit(address);
    const link = page.locator('.not-found li').getByRole('link', { name: title, exact: true });
    await link.click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.context().close();
  });

  it('offers the search with its words', { tags: ['smoke'] }, async () => {
    const { page, faults } = await site.visit('docs/missing-values.html');
    await page.getByRole('button', { name: 'Search the site' }).click();
    expect(await page.getByRole('searchbox').inputValue()).toBe('missing values');
    await page.locator('.result').first().waitFor();
    expect(faults.filter((text) => !text.includes('404'))).toEqual([]);
  });
});

it('the menu of versions has the version of the packages', async () => {
  const { page } = await site.visit('docs/');
  const { version } = JSON.parse(readFileSync(path.join(SITE, '../../../packages/polytask/package.json'), 'utf8'));
  await page
    .getByRole('button', { name: `v${version}` })
    .first()
    .hover();
  const link = page.getByRole('link', { name: 'Changes by release' });
  expect(await link.getAttribute('href')).toMatch(/\/releases$/);
});
