import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import llmsTxt from 'vitepress-plugin-llms';
import { ADDRESS } from '../src/head/address.ts';
import { descriptionOf } from '../src/head/description.ts';
import { pageHead, type PageFacts } from '../src/head/page-head.ts';
import { playgroundAddresses, writeAddresses } from '../src/head/write-addresses.ts';
import { codeBlocksPlugin, linksPlugin } from '../src/markdown-plugins.ts';
import { contents, nav, sidebar, writtenSidebars } from '../src/navigation.ts';
import { foldersWith, NOT_PAGES, REPOSITORY, ROOT, sitePath, WRITTEN_PAGES } from '../src/repository.ts';
import { indexOptions, searchOptions, withSearchWords } from '../src/search/search-options.ts';

const BASE = ADDRESS.pathname;

/** All pages that were written, for the pictures of their links. */
const written: PageFacts[] = [];

/** Pages that language models find by a page that lists them: reports, decisions, and the API of single files. */
const NOT_FOR_MODELS = ['docs/results/*/**', 'docs/decisions/0*', `${WRITTEN_PAGES}/api/*/**/!(index).md`];

// The pages are the repository's Markdown files, at the same paths; the README of a folder is its index
export default defineConfig({
  srcDir: ROOT,
  srcExclude: NOT_PAGES,
  rewrites: sitePath,
  outDir: 'dist',
  cacheDir: path.join(ROOT, 'node_modules/.cache/vitepress'),
  base: BASE,
  head: [['link', { rel: 'icon', href: `${BASE}playground/icon.svg`, type: 'image/svg+xml' }]],
  metaChunk: true, // else each page repeats the navigation of the whole site
  ignoreDeadLinks: [/^\/playground\//], // its files are copied at the end
  title: 'Polytask',
  description: 'Multi-task learning in TypeScript, on TensorFlow.js',
  markdown: {
    image: { lazyLoading: true },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' }, // the default's comments are too pale
    anchor: { slugify: (heading) => slug(heading) }, // as on GitHub, so that an anchor leads to the same place in both
    config: (markdown) => markdown.use(linksPlugin).use(codeBlocksPlugin),
  },
  themeConfig: {
    nav: nav(),
    sidebar: { '/': sidebar(), ...writtenSidebars() },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: 'Edit this page on GitHub' },
    search: {
      provider: 'local',
      options: {
        // A report is tables of numbers: they would be most of the index, and no search is for them
        _render: (source, env, markdown) =>
          env.relativePath.endsWith('/report.md') ? '' : markdown.render(withSearchWords(source), env),
        miniSearch: { options: indexOptions, searchOptions },
      },
    },
  },
  vite: {
    publicDir: false,
    // @ts-expect-error the plugin's types are of the Vite of this repository, and VitePress has an older one
    plugins: [llmsTxt({ ignoreFiles: NOT_FOR_MODELS, sidebar: contents })],
    build: { chunkSizeWarningLimit: 4_000 }, // kB; the index of the search is one file, loaded with the first search
  },
  sitemap: {
    hostname: ADDRESS.href,
    transformItems: async (items) => [...items, ...(await playgroundAddresses()).map((url) => ({ url }))],
  },
  transformPageData: async (page) => ({
    description: page.description || descriptionOf(await readFile(path.join(ROOT, page.filePath), 'utf8')),
    // The tables of the leaderboard are written by a program, under the same title
    ...(page.filePath.startsWith('docs/leaderboard/') && {
      titleTemplate: `:title: ${path.basename(page.filePath, '.md')} | Polytask`,
    }),
  }),
  transformHead: ({ pageData: { relativePath, isNotFound }, title, description }) => {
    if (isNotFound) return [];
    const facts = { page: relativePath, title: title.replace(/ \| Polytask$/, ''), description };
    written.push(facts);
    return pageHead(facts);
  },
  buildEnd: async ({ outDir }) => {
    await cp(path.join(ROOT, 'apps/playground/dist'), path.join(outDir, 'playground'), { recursive: true });
    // The playground opens the trials of a report
    for (const folder of foldersWith('docs/results', 'results.jsonl.gz'))
      await cp(path.join(ROOT, folder, 'results.jsonl.gz'), path.join(outDir, folder, 'results.jsonl.gz'));
    await writeAddresses(outDir, written);
  },
});
