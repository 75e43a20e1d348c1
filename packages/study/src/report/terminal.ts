import { mapTexts, printableLine } from '@polytask/components';
import { readOptions, checks, type FromDescription, type Option, type Written } from '@polytask/core';
import pc from 'picocolors';
import { type Block, type ReportDocument, brokenTable, type Cell, type Table } from './blocks.ts';
import stringWidth from 'string-width';

export const GUTTER = 2;

/**
 * A table for a terminal, without lines. The first column is left-aligned, the others are right-aligned. ANSI codes have no width.
 *
 * @param rows one or more, with equally many cells
 * @example linelessTable([['model', 'AUC'], ['adatt', '0.88']]); // 'model   AUC\nadatt  0.88'
 */
export function linelessTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i]!))));
  return rows
    .map((row) =>
      row
        .map((cell, i) => {
          const space = ' '.repeat(widths[i]! - stringWidth(cell));
          return i === 0 ? cell + space : space + cell;
        })
        .join(' '.repeat(GUTTER))
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Breaks a text between words into lines of at most `width` columns of a terminal. A longer word gets its own line, and so does
 * a command in backticks, which stays whole. ANSI codes have no width.
 *
 * @param width `Infinity` leaves the text as it is
 * @param indent before each line but the first
 * @example wrapped('a few words', 6); // 'a few\nwords'
 */
export const wrapped = (text: string, width: number, indent = ''): string =>
  Number.isFinite(width) ? packed(text.match(/(?:`[^`]*`|[^ ])+ *| +/g) ?? [''], width, indent).join('\n') : text;

/**
 * Breaks a name into lines of at most `width` columns: between words, else after a sign such as `(`, else within a word.
 *
 * @example brokenName('adatt(residual=false)', 12); // ['adatt(', 'residual=', 'false)']
 */
export function brokenName(name: string, width: number): string[] {
  const characters = (part: string) => Array.from(new Intl.Segmenter('en').segment(part), ({ segment }) => segment);
  const parts = name.split(/(?<=[ ,(=+/_-])/);
  return packed(
    parts.flatMap((part) => (stringWidth(part) <= width ? [part] : characters(part))),
    width,
  );
}

function packed(parts: readonly string[], width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1) ?? ''}${part}`;
    if (lines.length > 0 && stringWidth(longer.trimEnd()) <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? part : `${indent}${part}`);
  }
  return lines.map((line) => line.trimEnd());
}

const textOptions = {
  /** The longest line in characters. Longer lines wrap, and wider tables break between groups of columns. */
  width: checks.optional(checks.anything as Option<number>, Infinity),
  /** Whether to write bold and gray text by ANSI codes. */
  colors: checks.optional(checks.flag, false),
};

export interface TextOptions extends Written<typeof textOptions>, FromDescription {}

/**
 * Writes the main blocks of a document for a terminal. Pictures and details are left out.
 *
 * @throws PolytaskError for an unknown option
 * @example process.stdout.write(renderText(comparisonDocument({ summaries, trials }), { width: 120 }));
 */
export function renderText(document: ReportDocument, options: TextOptions = {}): string {
  const { width, colors } = readOptions(options, textOptions, 'renderText');
  const paint = pc.createColors(colors);
  const title = wrapped(printableLine(document.title), width);
  return `${[paint.bold(title), ...blocksOf(document.blocks, width, paint)].join('\n')}\n`;
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
      return block.items.map((item) => wrapped(`- ${printableLine(item)}`, width, '  '));
    case 'code':
      return block.text.split('\n').map((line) => `  ${printableLine(line)}`);
    case 'table':
      return ['', layOut(block.table, width, paint), ''];
    case 'section': {
      const inner = blocksOf(block.blocks, width, paint);
      return inner.length === 0 ? [] : ['', paint.bold(wrapped(printableLine(block.title), width)), ...inner];
    }
    case 'picture':
    case 'contents':
    case 'link':
      return [];
  }
}

interface Styled {
  readonly text: string;
  readonly style?: (text: string) => string;
}

/** A table as text, broken into pieces that fit into the width. Long names take several lines. */
function layOut(given: Table, width: number, paint: Paint): string {
  const table = mapTexts(given, printableLine);
  const rows = styledRows(table, paint);
  const natural = table.columns.map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i]!.text))));
  // The first column leaves room for the widest other one, but has a third of the width.
  const first = Math.min(
    natural[0]!,
    Math.max(Math.floor(width / 3), width - GUTTER - Math.max(0, ...natural.slice(1))),
  );
  const limits = natural.map((each, i) => (i === 0 ? first : Math.min(each, width - first - GUTTER)));
  const columnsOf = (piece: Table) => piece.columns.map((column) => limits[table.columns.indexOf(column)]!);
  return brokenTable(
    table,
    width,
    limits.map((limit, i) => (i === 0 ? limit : limit + GUTTER)),
  )
    .map((piece) => linelessTable(styledRows(piece, paint).flatMap((row) => linesOf(row, columnsOf(piece)))))
    .join('\n\n');
}

function linesOf(row: readonly Styled[], limits: readonly number[]): string[][] {
  const cells = row.map(({ text }, i) => (stringWidth(text) <= limits[i]! ? [text] : brokenName(text, limits[i]!)));
  return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, line) =>
    row.map(({ style = String }, i) => (cells[i]![line] ? style(cells[i]![line]) : '')),
  );
}

function styledRows({ columns, rows }: Table, paint: Paint): Styled[][] {
  const starred = columns.map((_, i) => rows.some((row) => row[i]!.winner));
  const marked = columns.map((_, i) => Math.max(0, ...rows.map((row) => (row[i]!.marks ?? '').length)));
  // Spaces in place of a star or mark align the numbers of a column. Names need no alignment.
  const cell = ({ text, winner, marks = '' }: Cell, i: number): Styled => ({
    text: `${text}${winner ? '*' : starred[i] ? ' ' : ''}${i === 0 ? marks : marks.padEnd(marked[i]!)}`,
    ...(winner && { style: (all) => all.replace(/^[^*]*\*/, paint.bold) }),
  });
  // A group's name is above the first of its columns.
  const over = columns.map(({ over = '', overMarks = '' }, i) =>
    (columns[i - 1]?.over ?? '') === over ? '' : `${over}${overMarks}`,
  );
  return [
    ...(over.some(Boolean) ? [over.map((text) => ({ text, style: paint.bold }))] : []),
    columns.map(({ title, marks = '' }, i) => ({
      text: `${title}${marks}${starred[i] ? ' ' : ''}${i === 0 ? '' : ' '.repeat(marked[i]!)}`,
      style: paint.dim,
    })),
    ...rows.map((row) => row.map(cell)),
  ];
}
