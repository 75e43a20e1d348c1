import { PolytaskError } from '@polytask/core';
import { mostFrequent } from '../statistics/counts.ts';
import { csvScanner, type CsvFormat } from '../csv/csv-tokenizer.ts';
import { hasDecimalComma } from '../columns/decimal.ts';

const CANDIDATES = ['\t', ';', ',', '|'];
/** Delimiters that are offered, and not guessed: they are within texts more often. */
const RARE = ['^', '~', '\u0001', '\u001f', ':', '/', '*', '&', '!', '=', '-', '_', ' '];
const ROWS = 500;
const LINES = 100;

interface Cut {
  readonly delimiter: string;
  readonly width: number;
  /** The share of lines with the usual number of cells; lower where the first line has another number. */
  readonly score: number;
  readonly rows: readonly string[][];
}

/** The delimiter that gives all lines of a file's head the same number of cells, at least two. Default: a comma. */
export function guessDelimiter(head: string, ends: boolean, comment: string | undefined): string {
  const cuts = cutsBy(CANDIDATES, head, ends, comment);
  if (cuts.length === 0) return ',';
  const best = Math.max(...cuts.map(({ score }) => score));
  const even = cuts.filter(({ score }) => score >= best - 0.01);
  const semicolon = even.find(({ delimiter }) => delimiter === ';');
  if (semicolon?.rows.flat().every((cell) => !cell.includes(',') || hasDecimalComma(cell.trim()))) return ';';
  return even.reduce((a, b) => (b.width > a.width ? b : a)).delimiter;
}

/** The cuts of a text into at least two columns. */
const cutsBy = (delimiters: readonly string[], head: string, ends: boolean, comment: string | undefined): Cut[] =>
  delimiters.flatMap((delimiter) => cutBy({ delimiter, comment }, head, ends)).filter(({ width }) => width > 1);

/** None where the quotes don't fit the delimiter. */
function cutBy(format: CsvFormat, text: string, ends: boolean): Cut | [] {
  const rows: string[][] = [];
  try {
    const scanner = csvScanner(format, 'the sample', (cells) => void rows.push(cells));
    scanner.push(text);
    if (ends) scanner.end();
  } catch (error) {
    if (error instanceof PolytaskError) return [];
    throw error;
  }
  const head = rows.slice(0, ROWS);
  const width = usualWidth(head);
  const even = head.filter((cells) => cells.length === width).length / head.length;
  return { delimiter: format.delimiter, width, score: even - (head[0]?.length === width ? 0 : 0.5), rows: head };
}

/** `#` for a text that begins with such lines. A single one with as many cells as the next line holds the names of the columns. */
export function guessComment(head: string): string | undefined {
  const lines = head.split(/\r\n|\n|\r/, LINES).filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => !line.startsWith('#'));
  if (first <= 0) return undefined;
  const cellsIn = (line: string, delimiter: string) => line.split(delimiter).length;
  const names = CANDIDATES.some((delimiter) => {
    const cells = cellsIn(lines[0]!, delimiter);
    return cells > 1 && cells === cellsIn(lines[first]!, delimiter);
  });
  return first === 1 && names ? undefined : '#';
}

export interface DelimiterChoice {
  readonly delimiter: string;
  readonly columns: number;
}

/** Delimiters to choose from where none was guessed, that with the most columns first. */
export const delimiterChoices = (head: string, ends: boolean, comment: string | undefined): DelimiterChoice[] =>
  cutsBy([...CANDIDATES, ...RARE], head, ends, comment)
    .filter(({ score }) => score > 0.9)
    .map(({ delimiter, width }) => ({ delimiter, columns: width }))
    .sort((a, b) => b.columns - a.columns);

/** The most frequent number of cells in a row; 0 without rows. */
export const usualWidth = (rows: readonly (readonly string[])[]): number =>
  mostFrequent(rows.map(({ length }) => length)) ?? 0;
