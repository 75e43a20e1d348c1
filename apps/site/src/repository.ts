import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. Its Markdown files are the pages, at the same paths. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The address of the repository on the web, for files that aren't pages. */
export const REPOSITORY = 'https://github.com/polytask/polytask';

/** The folder of pages that the build writes. They are at their paths in it: `apps/site/pages/api/index.md` is `/api/`. */
export const WRITTEN_PAGES = 'apps/site/pages';

/** Markdown files that aren't pages: globs, relative to the repository. */
export const NOT_PAGES = [
  '{examples,scripts,results}/**',
  'apps/!(site)/**',
  'apps/site/!(pages)/**',
  'packages/*/*/**',
  '**/CHANGELOG.md',
  '**/scratch/**',
];

/** Whether a file of the repository is a page. The path is relative to the repository, with slashes. */
export const isPage = (file: string): boolean =>
  /^(docs\/.*|packages\/[^/]+\/README|[A-Z]+)\.md$/.test(file) && existsSync(path.join(ROOT, file));

/** The path of a page's text in the site. The site has a front page of its own, so the repository's README is another page. */
export const sitePath = (page: string): string =>
  page === 'README.md' ? 'readme.md' : page.replace(`${WRITTEN_PAGES}/`, '').replace(/README\.md$/, 'index.md');

/** The address of a page in the site: `docs/README.md` is `/docs/`. */
export const addressOf = (page: string): string => `/${sitePath(page).replace(/(^|(?<=\/))index\.md$|\.md$/, '')}`;

/** The heading of a page, without its Markdown. @throws Error when the page has none */
export function titleOf(page: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(path.join(ROOT, page), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`${page} has no heading. Begin it with a line "# …".`);
  return title.replace(/`/g, '');
}

/** The pages directly in a folder, in the order of their names, without its README. */
export const pagesIn = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => `${folder}/${name}`);

/** The folders in a folder that hold a file of this name. */
export const foldersWith = (folder: string, name: string): string[] =>
  readdirSync(path.join(ROOT, folder))
    .filter((child) => existsSync(path.join(ROOT, folder, child, name)))
    .sort()
    .map((child) => `${folder}/${child}`);

/**
 * Where a link of a page leads in the site: to a page, or else to the file in the repository.
 *
 * @param from the page, relative to the repository
 * @param href as it is written in the page: relative, perhaps with `#anchor`
 * @throws Error when the repository has no such file
 */
export function siteLink(from: string, href: string): string {
  const [target = '', anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const file = path.posix.join(path.posix.dirname(from), decodeURI(target)).replace(/\/$/, '');
  // VitePress checks that the build has written it
  if (file.startsWith(`${WRITTEN_PAGES}/`)) return addressOf(file.slice(WRITTEN_PAGES.length + 1)) + hash;
  if (!existsSync(path.join(ROOT, file))) throw new Error(`${from} links to ${href}, but there is no ${file}.`);
  if (isPage(file)) return addressOf(file) + hash;
  if (!statSync(path.join(ROOT, file)).isDirectory()) return `${REPOSITORY}/blob/main/${file}${hash}`;
  const readme = path.posix.join(file, 'README.md');
  return isPage(readme) ? addressOf(readme) + hash : `${REPOSITORY}/tree/main/${file}${hash}`;
}
