import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DefaultTheme } from 'vitepress';
import { manifestOf } from './api/entry-points.ts';
import { addressOf, foldersWith, pagesIn, REPOSITORY, ROOT, titleOf, WRITTEN_PAGES } from './repository.ts';

/** The address of the API reference. */
export const API = '/api/';

/** The address of the gallery. */
export const GALLERY = '/gallery/';

/** The navigation of the pages that the build writes. */
export const SIDEBARS = path.join(ROOT, WRITTEN_PAGES, 'sidebars.json');

/** The lessons of the playground. */
export const LESSONS = path.join(ROOT, WRITTEN_PAGES, 'lessons.json');

const item = (page: string): DefaultTheme.SidebarItem => ({ text: titleOf(page), link: addressOf(page) });

/** A group that is closed at first. Its own page is a link, so that the arrow beside it is the only button. */
const folded = (text: string, page: string, items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem => ({
  text,
  link: addressOf(page),
  collapsed: true,
  items,
});

/** The page with the groups of pages: its headings, and the links of the tables below them. */
const OVERVIEW = 'docs/README.md';

/** The pages below a page of the overview. */
const BELOW: Readonly<Record<string, () => DefaultTheme.SidebarItem[]>> = {
  'packages/polytask/README.md': () =>
    foldersWith('packages', 'README.md').map((folder) => item(`${folder}/README.md`)),
  'docs/results/README.md': () =>
    foldersWith('docs/results', 'report.md').map((folder) => ({
      text: path.posix.basename(folder),
      link: addressOf(`${folder}/report.md`),
    })),
  'docs/leaderboard/README.md': () => pagesIn('docs/leaderboard').map(item),
  'docs/decisions/README.md': () => pagesIn('docs/decisions').map(item),
};

/**
 * The navigation beside every page: the groups of `docs/README.md`.
 *
 * @throws Error when a page of `docs` isn't in a table there
 */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const groups: DefaultTheme.SidebarItem[] = [];
  const listed: string[] = [];
  let items: DefaultTheme.SidebarItem[] = [];
  for (const line of readFileSync(path.join(ROOT, OVERVIEW), 'utf8').split('\n')) {
    const [, level, text] = /^(###?) (.+)$/.exec(line) ?? [];
    if (text !== undefined) {
      items = [];
      (level === '##' ? groups : groups.at(-1)!.items!).push({ text, items });
    }
    const [, link] = /^\| \[[^\]]+\]\(([^)]+)\)/.exec(line) ?? [];
    if (link === undefined) continue;
    const page = path.posix.join('docs', link);
    listed.push(page);
    const below = BELOW[page];
    items.push(below ? folded(titleOf(page), page, below()) : item(page));
  }
  const missing = pagesIn('docs').filter((page) => !listed.includes(page));
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: in no table of ${OVERVIEW}. Add a row.`);
  return groups;
}

/** The navigation beside the pages that the build has written, by the address of their folder. */
export const writtenSidebars = (): DefaultTheme.SidebarMulti =>
  JSON.parse(readFileSync(SIDEBARS, 'utf8')) as DefaultTheme.SidebarMulti;

/** All pages in one list, for `llms.txt`. Of the API reference it has the first page of each package. */
export function contents(): DefaultTheme.SidebarItem[] {
  const written = writtenSidebars();
  const [gallery = [], api = []] = [GALLERY, API].map((address) => written[address] as DefaultTheme.SidebarItem[]);
  return [...sidebar(), { text: 'Gallery', items: gallery }, { text: 'API reference', items: api }];
}

/** The navigation above every page. */
export const nav = (): DefaultTheme.NavItem[] => [
  { text: 'Guides', link: addressOf('docs/README.md') },
  { text: 'Packages', link: addressOf('packages/polytask/README.md') },
  { text: 'API', link: API },
  { text: 'Gallery', link: GALLERY },
  { text: 'Results', link: addressOf('docs/results/README.md') },
  { text: 'Decisions', link: addressOf('docs/decisions/README.md') },
  { text: 'Playground', link: '/playground/index.html', target: '_self' }, // not a page of VitePress
  versions(manifestOf('packages/polytask').version),
];

/** The version of these pages, and the way to others: the repository keeps the guides of each release under its tag. */
export const versions = (version: string): DefaultTheme.NavItemWithChildren => ({
  text: `v${version}`,
  items: [
    { text: `These pages: ${version}`, link: addressOf('docs/README.md') },
    { text: 'Changes by release', link: `${REPOSITORY}/releases` },
    { text: 'Guides of other versions', link: `${REPOSITORY}/tags` },
  ],
});
