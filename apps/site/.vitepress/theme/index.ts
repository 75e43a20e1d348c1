import { onContentUpdated, type Theme, useData } from 'vitepress';
import theme from 'vitepress/theme-without-fonts'; // no page loads a font
import { defineComponent, h } from 'vue';
import { FrontCommand, FrontDemo } from '../../src/front/front-demo.ts';
import { NotFound } from '../../src/theme/not-found.ts';
import { PageLinks } from '../../src/theme/page-links.ts';
import { makeSortable } from '../../src/theme/sort-table.ts';
import './style.css';

/** Pages whose tables are results. */
const RESULTS = /^(docs\/results|gallery)\//;

const Layout = defineComponent(() => {
  const { page } = useData();
  onContentUpdated(() => {
    if (!RESULTS.test(page.value.relativePath)) return;
    for (const table of document.querySelectorAll<HTMLTableElement>('.vp-doc table')) makeSortable(table);
  });
  return () =>
    h(theme.Layout, null, {
      'doc-before': () => h(PageLinks),
      'not-found': () => h(NotFound),
      'home-hero-info-after': () => h(FrontCommand),
      'home-features-before': () => h(FrontDemo),
    });
});

const siteTheme: Theme = { extends: theme, Layout };

export default siteTheme;
