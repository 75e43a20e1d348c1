import { fail } from '@polytask/core';
import Papa from 'papaparse';

/** A row that has not ended after so many characters has a quote that is never closed. */
const LONGEST_ROW = 1 << 22;

export interface CsvScanner {
  /** The next piece of the text, cut anywhere. */
  push(text: string): void;
  end(): void;
}

/**
 * Cuts CSV text (RFC 4180, quoted cells included) that comes in pieces into rows; lines are counted from 1. Blank lines
 * are left out.
 *
 * @param onRow receives the cells and the line on which the row begins
 */
export function csvScanner(
  delimiter: string,
  name: string,
  onRow: (cells: string[], line: number) => void,
): CsvScanner {
  let rest = '';
  let line = 1;
  let newline: string | undefined;

  const scan = (text: string, last: boolean): void => {
    newline ??= newlineOf(text, last);
    if (newline === undefined) return;
    // what has not ended is kept for the next piece
    const result = new Papa.Parser({ delimiter, newline: newline as '\n' }).parse(text, 0, !last) as Papa.ParseResult<
      string[]
    >;
    rest = text.slice(result.meta.cursor);
    const broken = result.errors.find((error) => error.type === 'Quotes' && (error.row ?? 0) < result.data.length);
    const quotes = text.includes('"');
    result.data.forEach((cells, r) => {
      if (broken?.row === r) brokenQuotes(name, line);
      if (cells.length > 1 || cells[0]!.trim() !== '') onRow(cells, line);
      line += 1 + (quotes ? newlinesIn(cells, newline!) : 0);
    });
  };

  return {
    push(text) {
      rest = rest === '' ? text : rest + text;
      scan(rest, false);
      if (rest.length > LONGEST_ROW) brokenQuotes(name, line);
    },
    end() {
      if (rest !== '') scan(rest, true);
    },
  };
}

/** The line end of the first line; undefined while that can't be told. */
function newlineOf(text: string, last: boolean): string | undefined {
  const found = /\r\n|\n|\r(?=[^])/.exec(text)?.[0];
  return found ?? (last ? '\n' : undefined);
}

const newlinesIn = (cells: readonly string[], newline: string): number =>
  cells.reduce((sum, cell) => sum + (cell.includes(newline) ? cell.split(newline).length - 1 : 0), 0);

function brokenQuotes(name: string, line: number): never {
  return fail({
    expected: `quoted cells to be closed, and followed by a delimiter or the line's end, in ${name}, line ${line}`,
    received: 'a quote that is not',
    mend: 'Double a quote that belongs to the cell ("" for "), and quote the whole cell.',
  });
}
