import { cp } from 'node:fs/promises';
import path from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import llmsTxt from 'vitepress-plugin-llms';
import { codeBlocksPlugin, linksPlugin } from '../src/markdown-plugins.ts';
import { contents, nav, sidebar, writtenSidebars } from '../src/navigation.ts';
import { foldersWith, NOT_PAGES, REPOSITORY, ROOT, sitePath, WRITTEN_PAGES } from '../src/repository.ts';

const BASE = process.env['SITE_BASE'] ?? '/';

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
          env.relativePath.endsWith('/report.md') ? '' : markdown.render(source, env),
      },
    },
  },
  vite: {
    publicDir: false,
    // @ts-expect-error the plugin's types are of the Vite of this repository, and VitePress has an older one
    plugins: [llmsTxt({ ignoreFiles: NOT_FOR_MODELS, sidebar: contents })],
    build: { chunkSizeWarningLimit: 4_000 }, // kB; the index of the search is one file, loaded with the first search
  },
  buildEnd: async ({ outDir }) => {
    await cp(path.join(ROOT, 'apps/playground/dist'), path.join(outDir, 'playground'), { recursive: true });
    // The playground opens the trials of a report
    for (const folder of foldersWith('docs/results', 'results.jsonl.gz'))
      await cp(path.join(ROOT, folder, 'results.jsonl.gz'), path.join(outDir, folder, 'results.jsonl.gz'));
  },
});
