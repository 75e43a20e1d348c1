import { fail } from '@polytask/core';
import { tableFinding, type TableFinding } from './table-sample.ts';
import { usualWidth, type DelimiterChoice } from './guess-delimiter.ts';
import { isMarkerWord } from './missing-markers.ts';
import { isNumber } from '../columns/columns.ts';
import { cell, counted, listed } from '../words/words.ts';

/** A title has at most this number of lines. */
const MOST_TITLE = 20;

export interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

/** Finds the names of the columns in the first lines of a file. @param choices other delimiters, for a file that may not be cut by this one */
export function csvLayout(
  lines: readonly Line[],
  name: string,
  delimiter: string,
  choices: () => readonly DelimiterChoice[],
  header?: boolean,
) {
  const width = usualWidth(lines.map(({ cells }) => cells));
  const { lines: table, skip } = withoutTitle(lines, width);
  const [first, ...others] = table as [Line, ...Line[]];
  const even = others.filter(({ cells }) => cells.length === width);
  if (first.cells.length !== width && even.length > 1) {
    fail({
      expected: `the names of ${width} columns, or ${width} values, in ${name}, line ${first.line}`,
      received: `${counted(first.cells.length, 'cell')}: ${cell(first.cells.join(delimiter))}`,
      fix: 'Correct that line, or pass the delimiter.',
    });
  }
  const below = even.map(({ cells }) => cells);
  const hasNames = header ?? guessHeader(first.cells, below);
  return {
    skip,
    header: hasNames,
    names: hasNames ? first.cells : first.cells.map((_, c) => `column${c + 1}`),
    body: hasNames ? others : table,
    warnings: [
      ...(skip > 0 ? [titleWarning(lines[0]!, skip)] : []),
      ...(first.cells.length === 1 ? [oneColumnWarning(name, delimiter, choices())] : []),
    ],
  };
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

function titleWarning({ cells }: Line, skip: number): TableFinding {
  const title = cell(cells.join(' '));
  const message = `The table begins in line ${skip + 1}; what is before it (${title}) is passed over.`;
  return tableFinding('title', {}, { skip }, message);
}

function oneColumnWarning(name: string, delimiter: string, choices: readonly DelimiterChoice[]): TableFinding {
  const found = (message: string) => tableFinding('one-column', {}, choices.length > 0 ? { choices } : {}, message);
  if (choices.length === 0)
    return found(`${name} has one column. If it has more, pass the \`delimiter\` between them.`);
  const offered = choices.map((each) => `${counted(each.columns, 'column')} by ${JSON.stringify(each.delimiter)}`);
  const start = `${name} has one column if it is cut by ${JSON.stringify(delimiter)}`;
  return found(`${start}, and ${listed(offered)}. Pass the \`delimiter\` between its cells.`);
}

const ROWS = 1000;

/** Whether the first line holds names: no numbers, and other cells than below. 0, 1, 2, … are names, as of data frames without names. */
function guessHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (first.every((name) => name === '')) return false;
  if (counts(first) && others.length > 0 && !counts(others[0]!)) return true;
  if (namesYears(first, others)) return true;
  if (first.some(isNumber)) return false;
  const below = others.slice(0, ROWS);
  let [names, values] = [0, 0];
  first.forEach((name, c) => {
    const cells = below.map((cells) => cells[c]!).filter((cell) => cell !== '' && !isMarkerWord(cell));
    if (isMarkerWord(name)) values++;
    else if (cells.length > 0 && cells.every(isNumber)) names++;
    else if (cells.includes(name)) values++;
    else if (new Set(cells).size <= cells.length / 2) names++;
  });
  return names >= values;
}

/** Whether the first line has words and years (2019, 2020, …), and the numbers below are no years. */
function namesYears(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  const isYear = (cell: string) => /^(19|20)\d\d$/.test(cell);
  const years = first.flatMap((cell, c) => (isYear(cell) ? [c] : []));
  return (
    years.length >= 2 &&
    first.every((cell) => isYear(cell) || !isNumber(cell)) &&
    first.some((cell) => !isNumber(cell)) &&
    new Set(first).size === first.length &&
    others.slice(0, ROWS).every((cells) => years.every((c) => !isYear(cells[c] ?? '')))
  );
}

/** Whether cells are 0, 1, 2, … or 1, 2, 3, …, at least three. The first cell may be empty. */
function counts(cells: readonly string[]): boolean {
  const numbers = (cells[0] === '' ? cells.slice(1) : cells).map((cell) => (/^\d+$/.test(cell) ? Number(cell) : NaN));
  return numbers.length >= 3 && numbers[0]! <= 1 && numbers.every((number, i) => number === numbers[0]! + i);
}
