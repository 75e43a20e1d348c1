import { csvScanner, type CsvFormat } from './csv-scanner.ts';
import { plainRows, type PlainRows } from './plain-cells.ts';

/** Room for the ends of cells. What has so many cells stays in the cache of a processor. */
const CELLS = 1 << 15;
/** The most bytes that are scanned again as a row may go on, or that wait for a line end. */
const LONGEST_STEP = 1 << 18;
const [NEWLINE, ASCII_END] = [10, 128];

/** The cells of rows of one line each, without quotes: that of row r, column c ends at `ends[r · width + c]`. */
export interface PlainCells {
  readonly rows: number;
  readonly width: number;
  /** Of UTF-8, with 3 bytes more. */
  readonly view: DataView;
  readonly ends: Uint32Array;
  /** The index of the first cell. */
  readonly start: number;
  /** The bytes between two rows. Between two cells there is one. */
  readonly gap: number;
  textOf(start: number, end: number): string;
}

/** What receives the rows. */
export interface CsvReceiver {
  /** Undefined as long as the first rows are wanted one by one. */
  readonly width: number | undefined;
  takeRow(cells: string[], line: number): void;
  /** @param line that of the first row */
  takeCells(cells: PlainCells, line: number): void;
}

/**
 * Divides a CSV that comes in pieces of UTF-8 into rows. Lines without quotes are divided in place, if they have the right number of
 * cells; the others by {@link csvScanner}.
 */
export function csvBytes(format: CsvFormat, name: string, receiver: CsvReceiver) {
  const { delimiter, comment } = format;
  const separator = comment === undefined && delimiter.length === 1 ? delimiter.charCodeAt(0) : ASCII_END;
  const scanner = csvScanner(format, name, (cells, line) => receiver.takeRow(cells, line));
  const decoder = new TextDecoder();
  let bytes = new Uint8Array(LONGEST_STEP);
  let view = new DataView(bytes.buffer);
  let ends = new Uint32Array(0);
  let [size, step] = [0, 1];

  /** Takes rows up to one with a quote, or of another width. Returns the index after them. */
  const takePlain = (start: number, stop: number): number => {
    const { width = 1 } = receiver;
    const newline = scanner.rowsEndIn;
    if (separator >= ASCII_END || width === 1 || (newline !== '\n' && newline !== '\r\n')) return start;
    if (ends.length < 2 * width) ends = new Uint32Array(Math.max(CELLS, 2 * width));
    let at = start;
    for (let found: PlainRows; at < stop; at = found.end) {
      found = plainRows(view, at, stop, { delimiter: separator, width, newline }, ends);
      if (found.rows === 0) break;
      const place = { view, ends, width, start: at, gap: newline.length };
      receiver.takeCells(plainCells(bytes, found, place), scanner.line);
      scanner.pass(found.rows);
    }
    return at;
  };

  const scan = (last: boolean): void => {
    const lines = separator < ASCII_END ? bytes.lastIndexOf(NEWLINE, size - 1) + 1 : size;
    const stop = last || size - lines > LONGEST_STEP ? size : Math.min(lines, size);
    let at = 0;
    while (at < stop) {
      const plain = takePlain(at, stop);
      step = plain > at ? 1 : Math.min(2 * step, LONGEST_STEP);
      at = plain;
      if (at === stop) break;
      const newline = bytes.indexOf(NEWLINE, at + step - 1);
      const end = newline < 0 || newline >= stop ? stop : newline + 1;
      scanner.push(decoder.decode(bytes.subarray(at, end), { stream: true }));
      at = end;
    }
    bytes.copyWithin(0, at, size);
    size -= at;
  };

  return {
    push(piece: Uint8Array): void {
      if (size + piece.length + 3 > bytes.length) {
        const larger = new Uint8Array(2 * (size + piece.length));
        larger.set(bytes.subarray(0, size));
        [bytes, view] = [larger, new DataView(larger.buffer)];
      }
      bytes.set(piece, size);
      size += piece.length;
      scan(false);
    },
    end(): void {
      scan(true);
      scanner.push(decoder.decode());
      scanner.end();
    },
  };
}

const cellDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

function plainCells(
  bytes: Uint8Array,
  { rows, end }: PlainRows,
  place: Omit<PlainCells, 'rows' | 'textOf'>,
): PlainCells {
  let text: string | undefined; // of all rows; in ASCII, cells have their places in it
  const { start } = place;
  return {
    ...place,
    rows,
    textOf(from, to) {
      text ??= cellDecoder.decode(bytes.subarray(start, end));
      return text.length === end - start
        ? text.slice(from - start, to - start)
        : cellDecoder.decode(bytes.subarray(from, to));
    },
  };
}

/** The texts of a row. */
export const rowOf = ({ ends, start, gap, width, textOf }: PlainCells, row: number): string[] =>
  Array.from({ length: width }, (_, c) => {
    const i = row * width + c;
    return textOf(i === 0 ? start : ends[i - 1]! + (c === 0 ? gap : 1), ends[i]!);
  });
