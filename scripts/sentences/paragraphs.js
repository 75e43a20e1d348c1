import { remark } from 'remark';
import remarkGfm from 'remark-gfm';

/**
 * A paragraph of a page, with the line where it begins. What nobody reads as a sentence is one word in it: `Code` for a name in code
 * font or a list of such names, `Quotation` for what somebody else wrote. Its line breaks are those of the page.
 * @typedef {{ line: number, text: string }} Paragraph
 * @typedef {ReturnType<typeof parser.parse>['children'][number]} MarkdownNode
 */

const parser = remark().use(remarkGfm);

/** Blocks without sentences of ours. */
const EXEMPT = new Set(['blockquote', 'code', 'heading', 'html', 'table', 'yaml']);

/**
 * The paragraphs of a text in Markdown: no headings, tables, blocks of code, or quotations; of a link its words alone.
 * @param {string} markdown @returns {Paragraph[]}
 * @example paragraphsOf('# Title\n\nUse `fit` or `step`.') // [{ line: 3, text: 'Use Code.' }]
 */
export const paragraphsOf = (markdown) => parser.parse(markdown).children.flatMap(paragraphsIn);

/** @param {MarkdownNode} node @returns {Paragraph[]} */
function paragraphsIn(node) {
  if (EXEMPT.has(node.type)) return [];
  if (node.type === 'paragraph')
    return [{ line: node.position?.start.line ?? 1, text: withoutLists(withoutQuotations(textOf(node))) }];
  return 'children' in node ? node.children.flatMap(paragraphsIn) : [];
}

/** @param {MarkdownNode} node @returns {string} */
function textOf(node) {
  if (node.type === 'inlineCode') return `Code${lineBreaks(node.value)}`;
  if (node.type === 'text') return node.value;
  if (node.type === 'break') return '\n';
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

/** A quotation may end the sentence that it stands in. @param {string} text */
const withoutQuotations = (text) =>
  text.replace(
    /"[^"]*?([.?!]?)"|“[^”]*?([.?!]?)”/g,
    (all, end = '', curlyEnd = '') => `Quotation${end}${curlyEnd}${lineBreaks(all)}`,
  );

/** @param {string} text */
const withoutLists = (text) =>
  text.replace(/\bCode(?:(?:,\s+(?:and\s+|or\s+)?|\s+(?:and|or|to)\s+|\/)Code\b)+/g, (all) => `Code${lineBreaks(all)}`);

/** @param {string} text */
const lineBreaks = (text) => text.replace(/[^\n]/g, '');
