import { markdownText } from '@polytask/components';
import { readOptions, checks, type FromDescription, type Written } from '@polytask/core';
import type { Block, ReportDocument, Cell, Table } from './blocks.ts';

const markdownOptions = {
  /** The folder of the pictures' SVG files, relative to the document. Default: no pictures. */
  pictures: checks.optional(checks.string),
};

export interface MarkdownOptions extends Written<typeof markdownOptions>, FromDescription {}

/**
 * Writes a document in Markdown. Pictures of details are left out.
 *
 * @throws PolytaskError for an unknown option
 * @example await writeFile('report.md', renderMarkdown(comparisonDocument({ summaries, trials }), { pictures: 'pictures' }));
 */
export function renderMarkdown(document: ReportDocument, options: MarkdownOptions = {}): string {
  readOptions(options, markdownOptions, 'renderMarkdown');
  return `${[`# ${markdownText(document.title)}`, ...blocksOf(document.blocks, 2, options)].join('\n\n')}\n`;
}

const blocksOf = (blocks: readonly Block[], level: number, options: MarkdownOptions): string[] =>
  blocks.flatMap((block) => blockOf(block, level, options, blocks));

function blockOf(block: Block, level: number, options: MarkdownOptions, siblings: readonly Block[]): string[] {
  switch (block.kind) {
    case 'text':
      return [line(block.sentences.join(' '))];
    case 'list':
      return [block.items.map((item) => `- ${line(item)}`).join('\n')];
    case 'code':
      return [`\`\`\`sh\n${block.text.replaceAll('```', '')}\n\`\`\``];
    case 'link':
      return [`[${markdownText(block.text)}](${block.address})${markdownText(block.rest)}`];
    case 'picture': {
      const { name, caption } = block.picture;
      if (options.pictures === undefined || block.importance === 'detail') return [];
      return [`![${markdownText(caption)}](${options.pictures}/${name}.svg)`];
    }
    case 'table':
      return [tableOf(block.table)];
    case 'contents':
      return [
        siblings
          .flatMap((each) => (each.kind === 'section' ? [`[${markdownText(each.title)}](#${anchor(each.title)})`] : []))
          .join(' · '),
      ];
    case 'section':
      return [
        `${'#'.repeat(Math.min(level, 6))} ${markdownText(block.title)}`,
        ...blocksOf(block.blocks, level + 1, options),
      ];
  }
}

/** A text at the beginning of a line, where a sign could begin a heading, a list or a quote. */
const line = (text: string): string => markdownText(text).replace(/^([*#>+-])/, '\\$1');

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** A table in Markdown. The titles of its columns begin with the names of their groups. The first column is left-aligned. */
function tableOf({ columns, rows }: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const titles = columns.map(({ over, overMarks = '', title, marks = '' }) =>
    markdownText(`${over ? `${over}${overMarks} ` : ''}${title}${marks}`),
  );
  const cellOf = ({ text, winner, marks = '' }: Cell) => {
    const safe = markdownText(text.trim());
    return `${winner ? `**${safe}**\\*` : safe}${marks}`;
  };
  const rule = columns.map((_, i) => (i === 0 ? '---' : '---:'));
  return [titles, rule, ...rows.map((cells) => cells.map(cellOf))].map(row).join('\n');
}
