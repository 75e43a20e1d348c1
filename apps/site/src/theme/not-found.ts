import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, shallowRef } from 'vue';
import { type FoundPage, nearestPages, wordsOf } from './nearest-pages.ts';

/** The key under which VitePress keeps the text of the search box. */
const QUERY = 'vitepress:local-search-filter';

/** Opens the search with these words. */
function search(words: string) {
  sessionStorage.setItem(QUERY, words);
  document.querySelector<HTMLElement>('.DocSearch-Button')?.click();
}

/** The page of an unknown address: the pages that its words fit, and the search. */
export const NotFound = defineComponent(() => {
  const { site } = useData();
  const words = shallowRef('');
  const pages = shallowRef<readonly FoundPage[]>([]);
  onMounted(async () => {
    words.value = wordsOf(location.pathname, site.value.base);
    // Only this page loads them by itself
    const [{ openIndex }, { default: indexes }] = await Promise.all([
      import('../search/open-index.ts'),
      import('@localSearchIndex'),
    ]);
    const { default: json } = await indexes['root']!();
    const index = openIndex(json);
    pages.value = nearestPages(index, words.value);
  });
  const link = ({ address, title }: FoundPage) => h('li', h('a', { href: address }, title));
  return () =>
    h('div', { class: 'not-found vp-doc' }, [
      h('h1', 'There is no such page'),
      pages.value.length === 0
        ? undefined
        : [h('p', 'Perhaps you are looking for one of these:'), h('ul', pages.value.map(link))],
      h('p', [
        h('button', { type: 'button', onClick: () => search(words.value) }, 'Search the site'),
        h('a', { href: withBase('/docs/') }, 'All guides'),
        h('a', { href: withBase('/') }, 'Front page'),
      ]),
    ]);
});
