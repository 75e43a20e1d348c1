import { fail } from '@polytask/core';
import { csvScanner, type CsvFormat } from '../csv/csv-scanner.ts';
import { trimmed } from '../csv/csv-table-reader.ts';
import type { DescribeOptions, DescribeWarning } from './description.ts';
import { guessComment, guessDelimiter, usualWidth } from './guess-delimiter.ts';
import { guessHeader } from './guess-header.ts';
import { cell, counted, grouped } from './words.ts';

const PIECE = 1 << 18;
const MOST_ROWS = 50_000;
/** A title has at most this number of lines. */
const MOST_TITLE = 20;

/** The rows of a sample, and its format. */
export interface SampleRows {
  readonly delimiter: string;
  /** The text at the beginning of comment lines. */
  readonly comment: string | undefined;
  /** The number of lines before the table. */
  readonly skip: number;
  /** Whether the first line holds the names. */
  readonly header: boolean;
  readonly names: readonly string[];
  /** The trimmed cells of each row, [rows][names]. */
  readonly rows: readonly (readonly string[])[];
  readonly whole: boolean;
  readonly warnings: readonly DescribeWarning[];
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Divides a sample into rows as the readers do. @throws PolytaskError for a text that is no table */
export function sampleRows(sample: string, options: DescribeOptions): SampleRows {
  const { name = options.files ?? 'the text', rows: most = MOST_ROWS } = options;
  const text = sample.startsWith('\uFEFF') ? sample.slice(1) : sample;
  checkText(text, name);
  const ends = options.whole ?? true;
  const head = text.slice(0, PIECE);
  const comment = guessComment(head);
  const delimiter = options.delimiter ?? guessDelimiter(head, ends && text.length <= PIECE, comment);
  const { lines: allLines, whole } = cut(text, { delimiter, comment, name, most: most + 1, ends });
  if (allLines.length === 0) noRows(name, ends ? 'an empty text' : 'a sample without a whole line');
  const width = usualWidth(allLines.map(({ cells }) => cells));
  const { lines, skip } = withoutTitle(allLines, width);
  const [first, ...others] = lines as [Line, ...Line[]];
  const even = others.filter(({ cells }) => cells.length === width);
  if (first.cells.length !== width && even.length > 1) {
    fail({
      expected: `the names of ${width} columns, or ${width} values, in ${name}, line ${first.line}`,
      received: `${counted(first.cells.length, 'cell')}: ${cell(first.cells.join(delimiter))}`,
      mend: 'Correct that line, or pass the delimiter.',
    });
  }
  const below = even.map(({ cells }) => cells);
  const header = options.header ?? guessHeader(first.cells, below);
  const body = [...(header ? [] : [first]), ...others].slice(0, most);
  const rows = body.filter(({ cells }) => cells.length === first.cells.length).map(({ cells }) => cells);
  if (rows.length === 0) noRows(name, 'the names of columns alone');
  return {
    delimiter,
    comment,
    skip,
    header,
    names: header ? first.cells : first.cells.map((_, c) => `column${c + 1}`),
    rows,
    whole: whole && lines.length <= most + Number(header),
    warnings: [
      ...titleWarning(allLines, skip),
      ...raggedWarning(body, first.cells.length, name),
      ...oneColumnWarning(first, name),
    ],
  };
}

/** @throws PolytaskError for bytes of another format */
function checkText(text: string, name: string): void {
  const head = text.slice(0, 4096);
  // eslint-disable-next-line no-control-regex
  const strange = head.match(/[\u0000-\u0008\u000E-\u001F\uFFFD]/g)?.length ?? 0;
  if (!head.includes('\u0000') && strange <= head.length / 50) return;
  fail({
    expected: `CSV text in ${name}`,
    received: head.startsWith('PAR1') ? 'a Parquet file' : 'bytes that are no text',
    mend: head.startsWith('PK') ? 'Save the spreadsheet as CSV.' : 'Pass a text file: plain, gzip or brotli.',
  });
}

function cut(
  text: string,
  { delimiter, comment, name, most, ends }: CsvFormat & { name: string; most: number; ends: boolean },
): { lines: Line[]; whole: boolean } {
  const lines: Line[] = [];
  const scanner = csvScanner({ delimiter, comment }, name, (cells, line) => {
    lines.push({ cells: cells.map(trimmed), line });
  });
  let start = 0;
  for (; start < text.length && lines.length <= most; start += PIECE) scanner.push(text.slice(start, start + PIECE));
  const whole = ends && start >= text.length;
  if (whole) scanner.end();
  return { whole, lines };
}

/** Removes the lines before the table, such as a title, if each has at most half of the table's number of cells. */
function withoutTitle(lines: readonly Line[], width: number): { lines: readonly Line[]; skip: number } {
  const start = lines.findIndex(({ cells }) => cells.length === width);
  const title = lines.slice(0, start);
  if (start > MOST_TITLE || title.length === 0 || title.some(({ cells }) => cells.length > width / 2)) {
    return { lines, skip: 0 };
  }
  return { lines: lines.slice(start), skip: lines[start]!.line - 1 };
}

function titleWarning(lines: readonly Line[], skip: number): DescribeWarning[] {
  if (skip === 0) return [];
  const title = cell(lines[0]!.cells.join(' '));
  return [
    { kind: 'title', message: `The table begins in line ${skip + 1}; what is before it (${title}) is passed over.` },
  ];
}

function raggedWarning(lines: readonly Line[], width: number, name: string): DescribeWarning[] {
  const odd = lines.filter(({ cells }) => cells.length !== width);
  if (odd.length === 0) return [];
  const { cells, line } = odd[0]!;
  const what = `${counted(odd.length, 'row has', 'rows have')} another number of cells than the first line`;
  const first = `The first is line ${grouped(line)}: ${cells.length} in place of ${width}.`;
  return [{ kind: 'ragged-rows', message: `${name}: ${what}, and reading stops there. ${first} Correct the file.` }];
}

function oneColumnWarning({ cells }: Line, name: string): DescribeWarning[] {
  if (cells.length > 1) return [];
  return [
    { kind: 'one-column', message: `${name} has one column. If it has more, pass the \`delimiter\` between them.` },
  ];
}

const noRows = (name: string, received: string): never =>
  fail({
    expected: `at least one row in ${name}`,
    received,
    mend: 'Look whether the file is the right one and whole.',
  });
