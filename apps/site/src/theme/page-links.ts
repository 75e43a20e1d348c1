import { useData, withBase } from 'vitepress';
import { defineComponent, h } from 'vue';
import { playgroundLinks } from './playground-links.ts';

/** Links to the playground above the text of a page that has something to try there. */
export const PageLinks = defineComponent(() => {
  const { page } = useData();
  return () => {
    const links = playgroundLinks(page.value.relativePath).map(({ text, address }) =>
      h('a', { href: withBase(address), target: '_self' }, text),
    );
    return links.length === 0 ? undefined : h('p', { class: 'page-links' }, ['Playground: ', ...links]);
  };
});
