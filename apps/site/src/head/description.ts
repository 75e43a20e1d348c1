/** The most letters that search engines and link previews show. */
const LONGEST = 160;

/** Reports begin with one sentence, which two of them may share. */
const SHORT = 100;

/** Blocks of Markdown that aren't a paragraph: headings, tables, lists, quotes, code, pictures, HTML and containers. */
const NOT_TEXT = /^(#|\||[-*] |\d+\. |>|```| {4}|!\[|<|:::|---)/;

/**
 * The description of a page: its first paragraph as plain text, cut after a sentence or a word. A short one is followed by the next.
 *
 * @param markdown the page
 * @returns undefined for a page without a paragraph
 */
export function descriptionOf(markdown: string): string | undefined {
  const body = markdown.replace(/^---\n[\s\S]*?\n---\n/, '').replace(/^```[\s\S]*?^```/gm, '```');
  const blocks = body
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '' && !NOT_TEXT.test(block.replace(/^\n+/, '')));
  const [first, second] = blocks.map((block) => plainText(block).replace(/:$/, '.'));
  return first && (first.length < SHORT && second ? cut(`${first} ${second}`) : shortened(first));
}

/** Markdown without its marks, in one line. */
export const plainText = (markdown: string): string =>
  markdown
    .replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/`|\*\*|(?<!\w)\*|\*(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The sentences that fit, or else the words that fit and `…`. */
export function shortened(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  return /^.{40,}[.!?](?= )/.exec(text.slice(0, longest))?.[0] ?? cut(text, longest);
}

/** The words that fit, and `…`. */
function cut(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text;
  const fitting = text.slice(0, longest);
  return `${fitting.slice(0, fitting.lastIndexOf(' ')).replace(/[,;:]$/, '')} …`;
}
