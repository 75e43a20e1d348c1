import { fail } from '@polytask/core';
import Papa from 'papaparse';

/** A row that has not ended after so many characters has a quote that is never closed. */
const LONGEST_ROW = 1 << 22;

/** How a text is cut into rows. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Lines that begin with this text, outside a quoted cell, are left out. */
  readonly comment?: string | undefined;
  /** So many first lines are left out, whatever is in them. */
  readonly skip?: number;
}

interface CsvScanner {
  /** The next piece of the text, cut anywhere. */
  push(text: string): void;
  end(): void;
}

/**
 * Cuts CSV text (RFC 4180, quoted cells included) that comes in pieces into rows; lines are counted from 1, those that are
 * left out too: blank ones, comments, and the first `skip`.
 *
 * @param onRow receives the cells and the line on which the row begins
 */
export function csvScanner(
  { delimiter, comment, skip = 0 }: CsvFormat,
  name: string,
  onRow: (cells: string[], line: number) => void,
): CsvScanner {
  let rest = '';
  let line = 1;
  let newline: string | undefined;

  /** Takes the first lines off what there is; false while there may be more of them to come. */
  const skipped = (last: boolean): boolean => {
    while (line <= skip) {
      newline ??= newlineOf(rest, last);
      const end = newline === undefined ? -1 : rest.indexOf(newline);
      if (end < 0) {
        if (last) rest = '';
        return false;
      }
      rest = rest.slice(end + newline!.length);
      line++;
    }
    return rest !== '';
  };

  const take = (cells: string[], lines: number, broken: boolean): void => {
    if (broken) brokenQuotes(name, line);
    if (cells.length > 1 || cells[0]!.trim() !== '') onRow(cells, line);
    line += lines;
  };

  const scan = (text: string, last: boolean): void => {
    newline ??= newlineOf(text, last);
    if (newline === undefined) return;
    const end = newline;
    const format = { delimiter, newline: end as '\n' };
    const quotes = text.includes('"');
    const linesOf = (cells: readonly string[]) => 1 + (quotes ? newlinesIn(cells, end) : 0);
    // what has not ended is kept for the next piece
    if (comment === undefined) {
      const { data, errors, meta } = new Papa.Parser(format).parse(text, 0, !last) as Parsed;
      const broken = errors.find((error) => error.type === 'Quotes' && (error.row ?? 0) < data.length);
      data.forEach((cells, r) => take(cells, linesOf(cells), broken?.row === r));
      rest = text.slice(meta.cursor);
      return;
    }
    let start = 0; // where the row before has ended: after it there are comments, and the lines of this one
    const step = ({ data, errors, meta: { cursor } }: Parsed): void => {
      const [cells, lines] = [data[0]!, linesOf(data[0]!)];
      const open = errors.some(({ code }) => code === 'MissingQuotes');
      line += linesIn(text.slice(start, cursor), end, open) - lines;
      take(
        cells,
        lines,
        errors.some(({ type }) => type === 'Quotes'),
      );
      start = cursor;
    };
    new Papa.Parser({ ...format, comments: comment, step }).parse(text, 0, !last);
    rest = text.slice(start);
  };

  return {
    push(text) {
      rest = rest === '' ? text : rest + text;
      if (skipped(false)) scan(rest, false);
      if (rest.length > LONGEST_ROW) brokenQuotes(name, line);
    },
    end() {
      if (skipped(true)) scan(rest, true);
    },
  };
}

type Parsed = Papa.ParseResult<string[]>;

/** The line end of the first line; undefined while that can't be told. */
function newlineOf(text: string, last: boolean): string | undefined {
  const found = /\r\n|\n|\r(?=[^])/.exec(text)?.[0];
  return found ?? (last ? '\n' : undefined);
}

/** The lines of a text. @param open whether a line end at its end belongs to a cell, so that a further line is begun */
const linesIn = (text: string, newline: string, open: boolean): number =>
  text.split(newline).length - Number(!open && text.endsWith(newline));

const newlinesIn = (cells: readonly string[], newline: string): number =>
  cells.reduce((sum, cell) => sum + (cell.includes(newline) ? cell.split(newline).length - 1 : 0), 0);

function brokenQuotes(name: string, line: number): never {
  return fail({
    expected: `quoted cells to be closed, and followed by a delimiter or the line's end, in ${name}, line ${line}`,
    received: 'a quote that is not',
    mend: 'Double a quote that belongs to the cell ("" for "), and quote the whole cell.',
  });
}
