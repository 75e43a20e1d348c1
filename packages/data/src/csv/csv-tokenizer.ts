import { fail, shown } from '@polytask/components';

/** A row with more bytes has an unclosed quote. */
const LONGEST_ROW = 1 << 22;
/** The ends of so many cells stay in the cache of a processor. */
const CELLS = 1 << 15;
/** The characters of a text that are encoded at once. */
const PIECE = 1 << 18;
const [NEWLINE, RETURN, BLANK, QUOTE] = [10, 13, 32, 34];

export interface CsvFormat {
  readonly delimiter: string;
  readonly comment?: string | undefined;
  readonly skip?: number;
}

/** Rows of the same number of cells, on consecutive lines: cell c of row r ends at `ends[r · width + c]`. */
export interface CsvRows {
  readonly rows: number;
  readonly width: number;
  /** The line on which the first row begins, from 1. */
  readonly line: number;
  /** UTF-8, with 3 bytes more. */
  readonly view: DataView;
  readonly ends: Uint32Array;
  /** The index of the first cell. */
  readonly start: number;
  /** The number of bytes between two rows, and between two cells. */
  readonly gaps: { readonly rows: number; readonly cells: number };
  /** The text of a cell. Quotes around it are removed. */
  textOf(start: number, end: number): string;
}

/** Divides a CSV (RFC 4180) that comes in pieces, cut anywhere, into rows and cells. `take` gets the first row alone, as it may hold the names. */
export function csvTokenizer({ delimiter, comment, skip = 0 }: CsvFormat, name: string, take: (rows: CsvRows) => void) {
  checkFormat(delimiter, comment);
  const encoder = new TextEncoder();
  const between = encoder.encode(delimiter);
  const remark = comment === undefined ? undefined : encoder.encode(comment);
  let bytes = new Uint8Array(PIECE);
  let [size, line, isFirst, half] = [0, 1, true, '']; // `half` is that of a pair of surrogates
  let ends: Uint32Array = new Uint32Array(CELLS);
  let newline: Uint8Array | undefined;

  const scan = (newline: Uint8Array, isEnd: boolean): void => {
    const view = new DataView(bytes.buffer);
    const gaps = { rows: newline.length, cells: between.length };
    let at = line === 1 && hasAt(bytes, 0, MARK) ? MARK.length : 0;
    while (at < size) {
      if (line <= skip || (remark && hasAt(bytes, at, remark))) {
        const end = bytes.subarray(0, size).indexOf(newline.at(-1)!, at);
        if (end < 0) break;
        at = end + 1;
        line++;
        continue;
      }
      const found = rowsAt(
        { bytes, view, ends, stop: size, between, newline, remark, most: isFirst ? 1 : Infinity },
        at,
      );
      ends = found.ends;
      const { rows, width, end, lines, isBroken } = found;
      if (rows > 0) {
        take({ ...{ rows, width, line, view, ends, start: at, gaps }, textOf: textReader(bytes, at, end) });
        isFirst = false;
      }
      at = end;
      line += lines;
      if (isBroken || (isEnd && lines === 0)) brokenQuotes(name, line);
      if (lines === 0) break;
    }
    bytes.copyWithin(0, at, size);
    size -= at;
  };

  const add = (piece: Uint8Array): void => {
    if (size + piece.length + 3 > bytes.length) {
      const larger = new Uint8Array(2 * (size + piece.length + 3));
      larger.set(bytes.subarray(0, size));
      bytes = larger;
    }
    bytes.set(piece, size);
    size += piece.length;
  };

  const push = (piece: Uint8Array): void => {
    add(piece);
    newline ??= newlineIn(bytes.subarray(0, size));
    if (newline && piece.includes(newline.at(-1)!)) scan(newline, false);
    if (size > LONGEST_ROW) brokenQuotes(name, line);
  };

  return {
    push(piece: string | Uint8Array): void {
      if (typeof piece !== 'string') return push(piece);
      for (let start = 0; start < piece.length; start += PIECE) {
        const text = half + piece.slice(start, start + PIECE);
        half = /[\uD800-\uDBFF]$/.exec(text)?.[0] ?? '';
        push(encoder.encode(half === '' ? text : text.slice(0, -1)));
      }
    },
    end(): void {
      newline ??= Uint8Array.of(NEWLINE);
      add(encoder.encode(half));
      add(newline); // of the last line, and else a blank line
      scan(newline, true);
    },
  };
}

function checkFormat(delimiter: string, comment: string | undefined): void {
  if (delimiter === '' || /["\r\n]/.test(delimiter)) {
    fail({
      expected: 'a delimiter that is no quote and no line end',
      received: shown(delimiter),
      fix: "Pass delimiter: ','.",
    });
  }
  if (comment === '' || (comment !== undefined && /^["\r\n]|[\r\n]/.test(comment)) || comment === delimiter) {
    fail({
      expected: 'a comment that begins with no quote, has no line end and is not the delimiter',
      received: shown(comment),
      fix: "Pass comment: '#'.",
    });
  }
}

/** Like {@link csvTokenizer}, row by row. @param take receives the cells and the line on which the row begins */
export const csvScanner = (format: CsvFormat, name: string, take: (cells: string[], line: number) => void) =>
  csvTokenizer(format, name, (rows) => {
    for (let row = 0; row < rows.rows; row++) take(cellsOf(rows, row), rows.line + row);
  });

export const cellsOf = ({ ends, start, gaps, width, textOf }: CsvRows, row: number): string[] =>
  Array.from({ length: width }, (_, c) => {
    const i = row * width + c;
    return textOf(i === 0 ? start : ends[i - 1]! + (c === 0 ? gaps.rows : gaps.cells), ends[i]!);
  });

/** The line end of the first line: \n, \r\n or \r. Undefined without one. */
function newlineIn(bytes: Uint8Array): Uint8Array | undefined {
  const at = bytes.findIndex((byte) => byte === NEWLINE || byte === RETURN);
  if (at < 0 || (bytes[at] === RETURN && at + 1 === bytes.length)) return undefined;
  return bytes.slice(at, bytes[at] === RETURN && bytes[at + 1] === NEWLINE ? at + 2 : at + 1);
}

function hasAt(bytes: Uint8Array, at: number, mark: Uint8Array): boolean {
  for (let i = 0; i < mark.length; i++) if (bytes[at + i] !== mark[i]) return false;
  return true;
}

/** The byte order mark of UTF-8. */
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

interface Scanned {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly ends: Uint32Array;
  readonly stop: number;
  readonly between: Uint8Array;
  readonly newline: Uint8Array;
  readonly remark: Uint8Array | undefined;
  readonly most: number;
}

interface FoundRows extends Pick<CsvRows, 'rows' | 'width' | 'ends'> {
  /** The index after the rows, and after the number of lines. */
  readonly end: number;
  readonly lines: number;
  /** Whether a quoted cell after the rows has no right end. */
  readonly isBroken: boolean;
}

/**
 * Finds whole rows of one width, up to another width, a comment, a blank line or an odd quote. Reads four bytes at a time: in
 * `(x − 0x01010101) & ~x & 0x80808080`, the lowest bit is that of the first zero in x. `ends` may become a longer array.
 */
function rowsAt(given: Scanned, start: number): FoundRows {
  const { bytes, view, ends, stop, between, newline, remark, most } = given;
  const [delimiter] = between as unknown as [number];
  const gap = between.length;
  const lineEnd = newline.at(-1)!;
  const returns = newline.length - 1;
  const [delimiters, lineEnds] = [Math.imul(delimiter, 0x01010101), Math.imul(lineEnd, 0x01010101)];
  let [rows, width, end, lines] = [0, 0, start, 0];
  let [count, first, cell] = [0, 0, start]; // the ends, and of the current row: its first one, and the begin of its last cell
  let within = 0; // lines within quoted cells of the row
  for (let p = start; p < stop; p += 4) {
    const word = view.getInt32(p, true);
    const a = word ^ delimiters;
    const b = word ^ lineEnds;
    const c = word ^ (QUOTE * 0x01010101);
    let found = (((a - 0x01010101) & ~a) | ((b - 0x01010101) & ~b) | ((c - 0x01010101) & ~c)) & 0x80808080;
    for (; found !== 0; found &= found - 1) {
      const at = p + ((31 - Math.clz32(found & -found)) >> 3);
      const byte = bytes[at]!;
      if (byte === delimiter) {
        if (gap > 1 && (at < cell || !hasAt(bytes, at, between))) continue;
        ends[count++] = at;
        cell = at + gap;
      } else if (byte === lineEnd) {
        if (at >= stop || (returns === 1 && bytes[at - 1] !== RETURN)) continue;
        ends[count++] = at - returns;
        if (count > ends.length) return rowsAt({ ...given, ends: new Uint32Array(2 * count) }, start);
        const own = count - first;
        const isBlank = own === 1 && textReader(bytes, cell, at)(cell, at).trim() === '';
        if (rows > 0 && (isBlank || own !== width)) return { rows, width, end, lines, ends, isBroken: false };
        width = own;
        end = cell = at + 1;
        first = count;
        lines += 1 + within;
        if (!isBlank) rows++;
        const isLast =
          isBlank || within > 0 || rows === most || count + own > ends.length || (remark && hasAt(bytes, end, remark));
        if (isLast) return { rows, width, end, lines, ends, isBroken: false };
      } else if (byte === QUOTE && at === cell) {
        const after = afterQuotes(bytes, at, stop, between, newline);
        if (after < 0) return { rows, width, end, lines, ends, isBroken: after === BROKEN };
        within += linesIn(bytes, at, after, lineEnd);
        p = after - 4;
        break;
      }
    }
  }
  return { rows, width, end, lines, ends, isBroken: false };
}

const [UNFINISHED, BROKEN] = [-1, -2];

/** The index after a quoted cell, and after blanks that follow it. */
function afterQuotes(bytes: Uint8Array, start: number, stop: number, between: Uint8Array, newline: Uint8Array): number {
  let at = start + 1;
  for (; at < stop; at++) {
    if (bytes[at] !== QUOTE) continue;
    if (bytes[at + 1] !== QUOTE) break;
    at++;
  }
  for (at++; at < stop; at++) {
    if (hasAt(bytes, at, between) || hasAt(bytes, at, newline)) return at;
    if (bytes[at]! > BLANK) return at + between.length > stop ? UNFINISHED : BROKEN;
  }
  return UNFINISHED;
}

/** The line ends within a quoted cell, as an editor counts them: it may end its lines otherwise than the file. */
function linesIn(bytes: Uint8Array, start: number, end: number, lineEnd: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === RETURN) count += Number(lineEnd === RETURN);
    else if (bytes[i] === NEWLINE) count += Number(lineEnd === NEWLINE || bytes[i - 1] !== RETURN);
  }
  return count;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the texts of cells between `start` and `end`. In ASCII, these have their places in the whole text. */
function textReader(bytes: Uint8Array, start: number, end: number): CsvRows['textOf'] {
  let whole: string | undefined;
  return (from, to) => {
    whole ??= decoder.decode(bytes.subarray(start, end));
    const isAscii = whole.length === end - start;
    const text = isAscii ? whole.slice(from - start, to - start) : decoder.decode(bytes.subarray(from, to));
    return bytes[from] === QUOTE ? text.slice(1, text.lastIndexOf('"')).replaceAll('""', '"') : text;
  };
}

function brokenQuotes(name: string, line: number): never {
  return fail({
    expected: `quoted cells to be closed, and followed by a delimiter or the line's end, in ${name}, line ${line}`,
    received: 'a quote that is not',
    fix: 'Double a quote that belongs to the cell ("" for "), and quote the whole cell.',
  });
}
