import { type PageFacts, escapeHtml, headHtml, pageHead } from './page-head.ts';

/** A lesson of the playground. */
export interface LessonFacts {
  /** The name in the address. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

/** What link previews know of a lesson. */
export const lessonFacts = ({ name, title, summary }: LessonFacts): PageFacts => ({
  page: `playground/lessons/${name}.md`,
  title,
  description: `${summary} A lesson that trains in your browser.`,
});

/** What link previews know of the pages of the playground. */
export const PLAYGROUND: readonly PageFacts[] = [
  {
    page: 'playground/index.md',
    title: 'Polytask playground',
    description: 'Train and compare multi-task models in your browser, and watch what they share.',
  },
  {
    page: 'playground/see.md',
    title: 'See multi-task learning',
    description: 'See multi-task learning: two tasks in a plane, and the models that learn them together.',
  },
];

/** The page of a lesson: it has the tags for link previews, and opens the playground. A preview knows no part of an address after `#`. */
export function lessonPage(lesson: LessonFacts): string {
  const facts = lessonFacts(lesson);
  const address = `../index.html#lesson=${encodeURIComponent(lesson.name)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url=${address}">
<title>${escapeHtml(facts.title)} | Polytask playground</title>
<meta name="description" content="${escapeHtml(facts.description)}">
${headHtml(pageHead(facts))}<p><a href="${address}">${escapeHtml(facts.title)}</a></p>
</html>
`;
}

/** A page of the playground with the tags for link previews. @throws Error when it has no title to put them after */
export function withPreview(html: string, facts: PageFacts): string {
  const [before, after, ...more] = html.split('</title>');
  if (after === undefined || more.length > 0) throw new Error('The page of the playground has no title, or two.');
  return `${before}</title>\n${headHtml(pageHead(facts))}${after}`;
}
