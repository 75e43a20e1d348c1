import { remark } from 'remark';

/**
 * A block of code of a page. The words behind its language may say that it isn't run: `runs in FILE`, which has the same code, or
 * `not run: REASON`.
 * @typedef {{ line: number, start: number, end: number, language: string, text: string, runsIn?: string, notRun?: string }} CodeBlock
 *   line: of the first line of code. start, end: of the whole block in the page
 * @typedef {ReturnType<typeof parser.parse>['children'][number]} MarkdownNode
 */

const parser = remark();

/**
 * The blocks of code of a page, also those in lists.
 * @param {string} markdown @returns {CodeBlock[]}
 * @example codeBlocks('```ts not run: needs a page\nopen();\n```') // [{ line: 2, language: 'ts', text: 'open();', notRun: 'needs a page', … }]
 */
export const codeBlocks = (markdown) => parser.parse(markdown).children.flatMap(blocksIn);

/** @param {MarkdownNode} node @returns {CodeBlock[]} */
function blocksIn(node) {
  if (node.type !== 'code') return 'children' in node ? node.children.flatMap(blocksIn) : [];
  const [, runsIn, notRun] = /^(?:runs in (\S+)|not run: (.+))$/.exec(node.meta ?? '') ?? [];
  if (node.meta && !runsIn && !notRun)
    throw new Error(
      `expected "runs in FILE" or "not run: REASON" behind the language of a block, received "${node.meta}"`,
    );
  return [
    {
      line: (node.position?.start.line ?? 0) + 1,
      start: node.position?.start.offset ?? 0,
      end: node.position?.end.offset ?? 0,
      language: node.lang ?? '',
      text: node.value,
      ...(runsIn && { runsIn }),
      ...(notRun && { notRun }),
    },
  ];
}

/**
 * Whether a file has the code of a block, whatever its indentation, and whatever it exports.
 * @param {string} file @param {string} block
 * @example hasCode('  export const a = 1;\n  b();\n', 'const a = 1;\nb();') // true
 */
export const hasCode = (file, block) => plain(file).includes(plain(block));

/** @param {string} text */
const plain = (text) => text.replace(/^[ \t]*(export )?/gm, '').trim();
