import pc from 'picocolors';
import type { Block, ReportDocument } from './blocks.ts';
import { GUTTER, linelessTable, wrapped } from './plain-text.ts';
import { mapTexts, printableLine } from './safe-text.ts';
import { brokenTable, type Cell, type Table } from './table.ts';

export interface TextOptions {
  /** The longest line in characters. Longer lines wrap, and wider tables break between groups of columns. Default: no limit. */
  readonly width?: number | undefined;
  /** Whether to write bold and gray text by ANSI codes. Default: false. */
  readonly colors?: boolean | undefined;
}

/**
 * Writes the main blocks of a document for a terminal. Pictures and details are left out.
 *
 * @example process.stdout.write(renderText(comparisonDocument({ summaries, trials }), { width: 120 }));
 */
export function renderText(document: ReportDocument, { width = Infinity, colors = false }: TextOptions = {}): string {
  const paint = pc.createColors(colors);
  return `${[paint.bold(printableLine(document.title)), ...blocksOf(document.blocks, width, paint)].join('\n')}\n`;
}

type Paint = ReturnType<typeof pc.createColors>;

const blocksOf = (blocks: readonly Block[], width: number, paint: Paint): string[] =>
  blocks.filter(({ importance }) => importance !== 'detail').flatMap((block) => blockOf(block, width, paint));

function blockOf(block: Block, width: number, paint: Paint): string[] {
  switch (block.kind) {
    case 'text': {
      const text = wrapped(printableLine(block.sentences.join(' ')), width);
      if (block.look === 'answer') return [text, ''];
      return [block.look === 'warning' ? paint.yellow(text) : block.look === 'note' ? paint.dim(text) : text];
    }
    case 'list':
      return block.items.map((item) => wrapped(`- ${printableLine(item)}`, width));
    case 'code':
      return block.text.split('\n').map((line) => `  ${printableLine(line)}`);
    case 'table':
      return ['', layOut(block.table, width, paint), ''];
    case 'section': {
      const inner = blocksOf(block.blocks, width, paint);
      return inner.length === 0 ? [] : ['', paint.bold(printableLine(block.title)), ...inner];
    }
    case 'picture':
    case 'contents':
    case 'link':
      return [];
  }
}

/** A table as text, broken into pieces that fit into the width. */
const layOut = (table: Table, width: number, paint: Paint): string =>
  brokenTable(mapTexts(table, printableLine), width, (characters) => characters + GUTTER)
    .map((piece) => layOutPiece(piece, paint))
    .join('\n\n');

function layOutPiece({ columns, rows }: Table, paint: Paint): string {
  const starred = columns.map((_, i) => rows.some((row) => row[i]!.winner));
  const marked = columns.map((_, i) => Math.max(0, ...rows.map((row) => (row[i]!.marks ?? '').length)));
  // Spaces in place of a star or mark align the numbers of a column. Names need no alignment.
  const text = ({ text, winner, marks = '' }: Cell, i: number) =>
    (winner ? paint.bold(`${text}*`) : starred[i] ? `${text} ` : text) + (i === 0 ? marks : marks.padEnd(marked[i]!));
  // A group's name is above the first of its columns.
  const over = columns.map(({ over = '', overMarks = '' }, i) =>
    (columns[i - 1]?.over ?? '') === over ? '' : `${over}${overMarks}`,
  );
  return linelessTable([
    ...(over.some(Boolean) ? [over.map((name) => paint.bold(name))] : []),
    columns.map(({ title, marks = '' }, i) =>
      paint.dim(`${title}${marks}${starred[i] ? ' ' : ''}${i === 0 ? '' : ' '.repeat(marked[i]!)}`),
    ),
    ...rows.map((row) => row.map(text)),
  ]);
}
