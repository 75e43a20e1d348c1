import { fail, shown, suggestion } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { EMPTY_CELL, Growing } from '../columns/builders.ts';
import type { Need } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { UNLIMITED } from '../limits/read-limits.ts';
import { type Table, tableBuilder, type Sink } from '../table/table.ts';
import { wrongValue } from '../columns/values.ts';
import type { CsvOptions } from './csv-options.ts';
import { cellsOf, csvTokenizer, type CsvRows } from './csv-tokenizer.ts';
import { commaFix, withDecimalPoint } from './decimal.ts';
import { noNumbers, plainColumn } from './plain-column.ts';

/**
 * Reads a CSV text that comes in pieces into typed columns, row by row. `take` makes a table of the `size` rows since the last one.
 *
 * @param budget of which the rows, cells and bytes of the text are spent
 * @throws PolytaskError for a delimiter or a comment that can't be one; while reading, as `readCsv` does
 */
export function csvTableReader<T extends Tasks, F extends string = string>(
  name: string,
  options: Declaration<T, F> & CsvOptions,
  budget = UNLIMITED,
) {
  const { delimiter = ',', trim = true, missing = [], comment, skip = 0, decimal = '.' } = options;
  const markers = new Set([...EMPTY_CELL, ...missing]);
  const direct = decimal === '.' && noNumbers(markers);
  const textIn = ({ kind }: Need, cell: string): string | undefined => {
    const text = trim ? trimmed(cell) : cell;
    return decimal === ',' && kind === 'numbers' && !markers.has(text) ? withDecimalPoint(text) : text;
  };
  const emptyRows = () => {
    const builder = tableBuilder(options, markers);
    const columns = builder.sinks.map((sink) =>
      plainColumn(sink, (cell) => textIn(sink.need, cell), direct && sink.need.kind === 'numbers'),
    );
    return { builder, columns, lines: new Growing((length) => new Uint32Array(length)), size: 0 };
  };
  let rows = emptyRows();
  let earlier = 0; // rows of the tables before this one
  const layoutOf = (names: readonly string[], line: number) =>
    rowLayout(names, rows.builder.sinks, name, line, delimiter);
  let layout = options.header && layoutOf(options.header, 0);

  const take = (cells: CsvRows): void => {
    const { line } = cells;
    if (!layout) {
      layout = layoutOf(cellsOf(cells, 0).map(trimmed), line);
      return;
    }
    const { cellOf, width } = layout;
    if (cells.width !== width) {
      fail({
        expected: `${width} cells in ${name}, line ${line}`,
        received: String(cells.width),
        fix: `Look at its delimiters (${shown(delimiter)}) and quotes.`,
      });
    }
    const { columns, lines } = rows;
    const size = columns.reduce((all, read, s) => read(cells, cellOf[s]!, all), cells.rows);
    budget.spendRows(size, cellOf.length, name);
    for (let row = 0; row < size; row++) lines.push(line + row);
    rows.size += size;
    if (size < cells.rows) wrongRow(cellsOf(cells, size), line + size);
  };
  const wrongRow = (cells: readonly string[], line: number): void =>
    rows.builder.sinks.forEach((sink, s) => {
      const cell = cells[layout!.cellOf[s]!]!;
      const text = textIn(sink.need, cell);
      if (text === undefined || sink.builder.read(text) === undefined)
        wrongCell(trim ? trimmed(cell) : cell, sink, name, line);
    });
  const tokenizer = csvTokenizer({ delimiter, comment, skip }, name, take);

  return {
    push(piece: string | Uint8Array): void {
      budget.spendText(piece.length, name);
      tokenizer.push(piece);
    },
    end(): void {
      tokenizer.end();
      if (earlier + rows.size === 0) {
        fail({
          expected: `at least one row in ${name}`,
          received: layout && !options.header ? 'the names of columns alone' : 'an empty text',
          fix: `Look whether the file is the right one and whole${skip > 0 ? `, and at skip: ${skip}` : ''}.`,
        });
      }
    },
    get size() {
      return rows.size;
    },
    take(): Table<T, F> {
      const { builder, lines, size } = rows;
      rows = emptyRows();
      earlier += size;
      const lineOf = lines.toArray();
      return builder.finish(size, (row) => `${name}, line ${lineOf[row]}`);
    },
  };
}

/** The number of cells in a row, and the index of each sink's cell. */
function rowLayout(names: readonly string[], sinks: readonly Sink[], name: string, line: number, delimiter: string) {
  const source = line === 0 ? 'the given header' : `${name}, line ${line}`;
  const cellOf = sinks.map(({ need: { column } }) => {
    const at = names.indexOf(column);
    if (at < 0) {
      fail({
        expected: `column "${column}" in ${source}`,
        received: `${names.length} other ${names.length === 1 ? 'column' : 'columns'}`,
        fix:
          names.length === 1
            ? `The line is not cut by ${shown(delimiter)}: ${shown(names[0])}; pass delimiter.`
            : `${suggestion(column, names)}${line === 0 ? '' : ' A file without a line of names is read with header: […].'}`,
      });
    }
    if (names.indexOf(column, at + 1) >= 0) {
      fail({
        expected: `one column "${column}" in ${source}`,
        received: 'two of that name',
        fix: 'Rename one, or pass header.',
      });
    }
    return at;
  });
  return { width: names.length, cellOf };
}

/** Removes blanks at both ends, and then the quotes of a quoted cell after a blank. */
export function trimmed(cell: string): string {
  if (cell.length === 0) return cell;
  if (cell.charCodeAt(0) > 32 && cell.charCodeAt(cell.length - 1) > 32) return cell;
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text;
}

function wrongCell(text: string, { need, builder }: Sink, name: string, line: number): never {
  const fix =
    need.kind === 'numbers'
      ? (commaFix(text) ??
        `Correct the cell, or pass missing: [${JSON.stringify(text)}] where that means no value, or declare the column categorical().`)
      : 'A vector in a text file is declared by its columns: vector({ columns: […] }).';
  return wrongValue(text, builder.expected, need.column, `${name}, line ${line}`, fix);
}
