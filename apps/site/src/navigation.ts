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

/** The pages of `docs`, by what a reader wants to do. */
const GUIDES: Readonly<Record<string, readonly string[]>> = {
  'Get started': [
    ...['train-without-code', 'how-to', 'which-model', 'coming-from', 'parameters', 'playground', 'when-sharing-helps'],
  ],
  'Prepare data': ['data', 'reading', 'sequences', 'big-ids', 'features', 'tasks', 'mixed-tasks', 'known-data'],
  'Build a model': ['core', 'adatt', 'baselines', 'members', 'boosting', 'experts', 'gating', 'fidelity'],
  'Train and evaluate': [
    ...['training', 'why-is-it-bad', 'continuing', 'losses', 'optimizers', 'balancing', 'evaluating', 'metrics'],
  ],
  'Compare models': [
    'bench',
    'folds',
    'which-together',
    'trade-offs',
    'reports',
    'comparing-runs',
    'other-tools',
    'cluster',
    'commands',
  ],
  'Predict and serve': ['serving', 'production', 'probabilities', 'onnx', 'browser', 'reference'],
  'Speed, size, safety': ['performance', 'performance-tables', 'compile', 'size', 'security'],
  'Extend Polytask': ['components', 'testing', 'checks'],
};

const item = (page: string): DefaultTheme.SidebarItem => ({ text: titleOf(page), link: addressOf(page) });

/** A group that is closed at first. Its own page is a link, so that the arrow beside it is the only button. */
const folded = (text: string, page: string, items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem => ({
  text,
  link: addressOf(page),
  collapsed: true,
  items,
});

/**
 * The navigation beside every page.
 *
 * @throws Error when a page of `docs` isn't in one of the {@link GUIDES}
 */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const guides = Object.entries(GUIDES).map(([text, names]) => ({
    text,
    pages: names.map((name) => `docs/${name}.md`),
  }));
  const missing = pagesIn('docs').filter((page) => !guides.some(({ pages }) => pages.includes(page)));
  if (missing.length > 0)
    throw new Error(`${missing.join(', ')}: in no guide of apps/site/src/navigation.ts. Add a line.`);
  const reports = foldersWith('docs/results', 'report.md').map((folder) => ({
    text: path.posix.basename(folder),
    link: addressOf(`${folder}/report.md`),
  }));
  const packages = foldersWith('packages', 'README.md').map((folder) => item(`${folder}/README.md`));
  return [
    ...guides.map(({ text, pages }) => ({ text, items: pages.map(item) })),
    folded('Results', 'docs/results/README.md', reports),
    folded('Leaderboard', 'docs/leaderboard/README.md', pagesIn('docs/leaderboard').map(item)),
    folded('Packages', 'packages/polytask/README.md', packages),
    folded('Decisions', 'docs/decisions/README.md', pagesIn('docs/decisions').map(item)),
    { text: 'The project', items: ['CONTRIBUTING.md', 'SECURITY.md'].map(item) },
  ];
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
