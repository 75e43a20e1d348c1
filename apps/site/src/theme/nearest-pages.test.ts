import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import type { Section } from '../search/search-options.ts';
import { nearestPages, wordsOf } from './nearest-pages.ts';

describe('the words of an address', () => {
  it.each([
    ['/docs/getting-started.html', '/', 'getting started'],
    ['/polytask/docs/README.md', '/polytask/', ''],
    ['/api/core/early_stopping', '/', 'api core early stopping'],
    ['/docs/caf%C3%A9', '/', 'café'],
    ['/100%', '/', '100'],
  ])('%s with the base %s: %j', (pathname, base, words) => expect(wordsOf(pathname, base)).toBe(words));
});

it('the nearest pages are pages, not sections', () => {
  const index = new MiniSearch<Section>({ fields: ['title'], storeFields: ['title', 'titles'] });
  index.addAll([
    { id: '/docs/adatt.html', title: 'AdaTT', titles: [] },
    { id: '/docs/adatt.html#adatt-sp', title: 'AdaTT-sp', titles: ['AdaTT'] },
    { id: '/docs/data.html', title: 'Data', titles: [] },
  ]);
  expect(nearestPages(index, 'adat')).toEqual([{ title: 'AdaTT', address: '/docs/adatt.html' }]);
});
