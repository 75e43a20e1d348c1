import { fail, suggestion, type Tasks } from '@polytask/core';
import { EMPTY_CELL, Growing } from '../columns/builders.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { tableBuilder, type Sink } from '../table/table-builder.ts';
import type { Table } from '../table/table.ts';
import { shown, wrongValue } from '../columns/values.ts';
import type { CsvOptions } from './csv-options.ts';
import { csvScanner } from './csv-scanner.ts';

/** Reads CSV text that comes in pieces straight into typed columns; no row outlives its own line. */
interface CsvTableReader<T extends Tasks> {
  push(text: string): void;
  /** The text ends here. Throws where it had no row. */
  end(): void;
  /** Rows that have been read and not taken. */
  readonly size: number;
  /** A table of those rows. */
  take(): Table<T>;
}

export function csvTableReader<T extends Tasks>(name: string, options: Declaration<T> & CsvOptions): CsvTableReader<T> {
  const { delimiter = ',', trim = true, missing = [], comment, skip = 0 } = options;
  if (delimiter === '' || /["\r\n]/.test(delimiter)) {
    fail({
      expected: 'a delimiter that is no quote and no line end',
      received: shown(delimiter),
      mend: "Pass delimiter: ','.",
    });
  }
  if (comment === '' || (comment !== undefined && /^["\r\n]|[\r\n]/.test(comment)) || comment === delimiter) {
    fail({
      expected: 'a comment that begins with no quote, has no line end and is not the delimiter',
      received: shown(comment),
      mend: "Pass comment: '#'.",
    });
  }
  const markers = new Set([...EMPTY_CELL, ...missing]);
  const begin = () => ({
    builder: tableBuilder(options, markers),
    lines: new Growing((length) => new Uint32Array(length)),
    size: 0,
  });
  let rows = begin();
  let taken = 0;
  let placed: Placed | undefined = options.header && place(options.header, rows.builder.sinks, name, 0, delimiter);

  const takeRow = (cells: string[], line: number): void => {
    if (!placed) {
      placed = place(
        cells.map((cell) => trimmed(cell)),
        rows.builder.sinks,
        name,
        line,
        delimiter,
      );
      return;
    }
    if (cells.length !== placed.width) {
      fail({
        expected: `${placed.width} cells in ${name}, line ${line}`,
        received: String(cells.length),
        mend: `Look at its delimiters (${shown(delimiter)}) and quotes.`,
      });
    }
    const { sinks } = rows.builder;
    for (let s = 0; s < sinks.length; s++) {
      const cell = cells[placed.at[s]!]!;
      const text = trim ? trimmed(cell) : cell;
      if (!sinks[s]!.builder.pushText(text)) wrongCell(text, sinks[s]!, name, line);
    }
    rows.lines.push(line);
    rows.size++;
  };
  const scanner = csvScanner({ delimiter, comment, skip }, name, takeRow);

  let begun = false;
  return {
    push(text) {
      if (text === '') return;
      scanner.push(!begun && text.startsWith('\uFEFF') ? text.slice(1) : text);
      begun = true;
    },
    end() {
      scanner.end();
      if (taken + rows.size === 0) {
        fail({
          expected: `at least one row in ${name}`,
          received: placed && !options.header ? 'the names of columns alone' : 'an empty text',
          mend: `Look whether the file is the right one and whole${skip > 0 ? `, and at skip: ${skip}` : ''}.`,
        });
      }
    },
    get size() {
      return rows.size;
    },
    take() {
      const { builder, lines, size } = rows;
      rows = begin();
      taken += size;
      const lineOf = lines.toArray();
      return builder.finish(size, (row) => `${name}, line ${lineOf[row]}`);
    },
  };
}

interface Placed {
  /** Cells in a row. */
  readonly width: number;
  /** Of each sink, the cell. */
  readonly at: readonly number[];
}

/** Finds the columns by name. */
function place(
  names: readonly string[],
  sinks: readonly Sink[],
  name: string,
  line: number,
  delimiter: string,
): Placed {
  const source = line === 0 ? 'the given header' : `${name}, line ${line}`;
  const places = sinks.map(({ need: { column } }) => {
    const at = names.indexOf(column);
    if (at < 0) {
      fail({
        expected: `column "${column}" in ${source}`,
        received: `${names.length} other ${names.length === 1 ? 'column' : 'columns'}`,
        mend:
          names.length === 1
            ? `The line is not cut by ${shown(delimiter)}: ${shown(names[0])}; pass delimiter.`
            : `${suggestion(column, names)}${line === 0 ? '' : ' A file without a line of names is read with header: […].'}`,
      });
    }
    if (names.indexOf(column, at + 1) >= 0) {
      fail({
        expected: `one column "${column}" in ${source}`,
        received: 'two of that name',
        mend: 'Rename one, or pass header.',
      });
    }
    return at;
  });
  return { width: names.length, at: places };
}

/** Without blanks at its ends, and without the quotes of a cell that a blank stood before. */
export function trimmed(cell: string): string {
  if (cell.length === 0) return cell;
  if (cell.charCodeAt(0) > 32 && cell.charCodeAt(cell.length - 1) > 32) return cell;
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text;
}

function wrongCell(text: string, { need, builder }: Sink, name: string, line: number): never {
  const mend =
    need.kind === 'numbers'
      ? `Correct the cell, or pass missing: [${JSON.stringify(text)}] where that means no value, or declare the column categorical().`
      : 'A vector in a text file is declared by its columns: vector({ columns: […] }).';
  return wrongValue(text, builder.expected, need.column, `${name}, line ${line}`, mend);
}
