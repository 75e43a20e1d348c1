import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LESSONS } from '../navigation.ts';
import { ADDRESS, pathOf } from './address.ts';
import { lessonFacts, type LessonFacts, lessonPage, PLAYGROUND, withPreview } from './lesson-pages.ts';
import { hasPicture, type PageFacts } from './page-head.ts';
import { writePreviews } from './write-previews.ts';

const readLessons = async (): Promise<readonly LessonFacts[]> =>
  JSON.parse(await readFile(LESSONS, 'utf8')) as readonly LessonFacts[];

/** What link previews know of the playground and its lessons. */
const playgroundFacts = async (): Promise<PageFacts[]> => [...PLAYGROUND, ...(await readLessons()).map(lessonFacts)];

/** The addresses of the playground and its lessons for the sitemap. */
export const playgroundAddresses = async (): Promise<string[]> =>
  (await playgroundFacts()).map(({ page }) => pathOf(page));

/**
 * Writes what the site has besides its pages: pictures of links, pages of the playground's lessons, and `robots.txt`.
 *
 * @param folder of the built site, with the playground
 * @param pages all that VitePress wrote
 */
export async function writeAddresses(folder: string, pages: readonly PageFacts[]): Promise<void> {
  const own = pages.filter(({ page }) => hasPicture(page));
  await writePreviews(folder, [...own, ...(await playgroundFacts())]);
  const playground = path.join(folder, 'playground');
  await mkdir(path.join(playground, 'lessons'), { recursive: true });
  for (const lesson of await readLessons())
    await writeFile(path.join(playground, 'lessons', `${lesson.name}.html`), lessonPage(lesson));
  for (const facts of PLAYGROUND) {
    const page = path.join(folder, facts.page.replace(/\.md$/, '.html'));
    await writeFile(page, withPreview(await readFile(page, 'utf8'), facts));
  }
  const sitemap = new URL('sitemap.xml', ADDRESS).href;
  await writeFile(path.join(folder, 'robots.txt'), `User-agent: *\nAllow: /\nSitemap: ${sitemap}\n`);
}
