import { fail } from '@polytask/core';
import Papa from 'papaparse';

/** A row with more characters has an unclosed quote. */
const LONGEST_ROW = 1 << 22;

/** How a text is divided into rows and cells. */
export interface CsvFormat {
  readonly delimiter: string;
  /** Lines that begin with this text are skipped, except within a quoted cell. */
  readonly comment?: string | undefined;
  /** The number of lines to skip at the beginning of the text. */
  readonly skip?: number;
}

/**
 * Divides a CSV text (RFC 4180) that comes in pieces into rows. Line numbers begin with 1. Skipped lines count, too: blank
 * lines, comments, and the first `skip` lines. A piece may end anywhere, even within a cell.
 *
 * @param onRow receives the cells and the row's first line
 * @throws PolytaskError for a quote that is not closed
 */
export function csvScanner(
  { delimiter, comment, skip = 0 }: CsvFormat,
  name: string,
  onRow: (cells: string[], line: number) => void,
) {
  let rest = '';
  let line = 1;
  let newline: string | undefined;

  /** Removes the first `skip` lines. Returns whether there is text after them. */
  const skipLines = (last: boolean): boolean => {
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
    // the beginning of a row without an end waits for the next piece
    if (comment === undefined) {
      const { data, errors, meta } = new Papa.Parser(format).parse(text, 0, !last) as Parsed;
      const broken = errors.find((error) => error.type === 'Quotes' && (error.row ?? 0) < data.length);
      data.forEach((cells, r) => take(cells, linesOf(cells), broken?.row === r));
      rest = text.slice(meta.cursor);
      return;
    }
    let start = 0; // the end of the previous row: comments and this row's lines follow
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
    /** The line at which the next piece begins. */
    get line() {
      return line;
    },
    /** The line end, where the next piece begins a row. */
    get rowsEndIn() {
      return rest === '' && line > skip ? newline : undefined;
    },
    /** Counts rows of one line each that are read elsewhere. */
    pass(rows: number): void {
      line += rows;
    },
    push(text: string): void {
      rest = rest === '' ? text : rest + text;
      if (skipLines(false)) scan(rest, false);
      if (rest.length > LONGEST_ROW) brokenQuotes(name, line);
    },
    end(): void {
      if (skipLines(true)) scan(rest, true);
    },
  };
}

type Parsed = Papa.ParseResult<string[]>;

/** The line end of the first line; undefined until the text has one. */
const newlineOf = (text: string, last: boolean): string | undefined =>
  /\r\n|\n|\r(?=[^])/.exec(text)?.[0] ?? (last ? '\n' : undefined);

/** The number of lines of a text. @param open whether the text ends within a quoted cell */
const linesIn = (text: string, newline: string, open: boolean): number =>
  1 + newlinesIn([text], newline) - Number(!open && text.endsWith(newline));

/** The line ends within texts, as an editor counts them: a quoted cell may end its lines otherwise than the file. */
function newlinesIn(texts: readonly string[], newline: string): number {
  const end = newline === '\r' ? /\r\n?|\n/ : '\n';
  return texts.reduce((sum, text) => sum + text.split(end).length - 1, 0);
}

function brokenQuotes(name: string, line: number): never {
  return fail({
    expected: `quoted cells to be closed, and followed by a delimiter or the line's end, in ${name}, line ${line}`,
    received: 'a quote that is not',
    fix: 'Double a quote that belongs to the cell ("" for "), and quote the whole cell.',
  });
}
