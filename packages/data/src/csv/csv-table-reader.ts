import { fail, shown } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { Growing } from '../columns/builders.ts';
import { noColumn, noRows, wrongValue } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { UNLIMITED } from '../limits/read-limits.ts';
import { type Table, tableBuilder, type Sink } from '../table/table.ts';
import type { CsvOptions } from './csv-options.ts';
import { cellsOf, csvTokenizer, type CsvRows } from './csv-tokenizer.ts';
import { commaFix } from '../columns/decimal.ts';

/** The most cells of a column that are kept, and the most bytes of one. */
const [MOST, LONGEST] = [1 << 16, 1 << 10];

/** The values of earlier cells of a column by their bytes, with open addressing. An entry has its index, the cell's length, and its 4-byte words. */
export class CellCache {
  /** Of entry `find(…)`. */
  values = new Float64Array(1 << 6);
  private size = 0;
  private words = new Int32Array(1 << 9);
  private used = 1; // so that 0 is an empty slot
  private slots = new Int32Array(1 << 7);
  /** The length and the words of the last cell, and its free slot. */
  private readonly key = new Int32Array(LONGEST / 4 + 1);
  private slot = -1;

  /** The entry of a cell, or −1. @param view has 3 bytes after the cell */
  find(view: DataView, start: number, end: number): number {
    const { key, slots, words } = this;
    this.slot = -1;
    const length = end - start;
    if (length > LONGEST) return -1;
    key[0] = length;
    let count = 1;
    let hash = length;
    for (let p = start; p < end; p += 4) {
      const word = view.getInt32(p, true) & (end - p < 4 ? (1 << (8 * (end - p))) - 1 : -1);
      key[count++] = word;
      hash = mix(hash, word);
    }
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let at = slots[slot]!; at !== 0; at = slots[(slot = (slot + 1) & mask)]!) {
      let k = 0;
      while (k < count && words[at + 1 + k] === key[k]) k++;
      if (k === count) return words[at]!;
    }
    this.slot = slot;
    return -1;
  }

  /** Keeps the value of the last cell, which was not found. */
  add(value: number): void {
    if (this.slot < 0 || this.size === MOST) return;
    const count = wordsOf(this.key[0]!);
    if (this.used + count >= this.words.length) this.words = copyTo(new Int32Array(2 * this.words.length), this.words);
    this.words[this.used] = this.size;
    this.words.set(this.key.subarray(0, count), this.used + 1);
    this.slots[this.slot] = this.used;
    this.used += 1 + count;
    this.values[this.size++] = value;
    if (this.size === this.values.length) this.grow();
  }

  private grow(): void {
    this.values = copyTo(new Float64Array(2 * this.size), this.values);
    this.slots = new Int32Array(4 * this.size);
    const { slots, words } = this;
    const mask = slots.length - 1;
    for (let at = 1; at < this.used;) {
      const next = at + 1 + wordsOf(words[at + 1]!);
      let hash = words[at + 1]!;
      for (let k = at + 2; k < next; k++) hash = mix(hash, words[k]!);
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = at;
      at = next;
    }
  }
}

const wordsOf = (length: number): number => 1 + ((length + 3) >> 2);

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function copyTo<A extends Int32Array | Float64Array>(target: A, source: A): A {
  target.set(source);
  return target;
}

/**
 * Reads a column from bytes, without texts where a cell was there before or is a plain number. Returns the first row whose cell it can't
 * hold, else the number of rows.
 */
function plainColumn({ builder, cells: { isPlain }, need }: Sink, read: (cell: string) => string) {
  const direct = isPlain && need.kind === 'numbers';
  const cache = new CellCache();
  let numbers = new Float64Array(0);
  return (cells: CsvRows, column: number, rows: number): number => {
    const { view, ends, gaps, width } = cells;
    const gap = column === 0 ? gaps.rows : gaps.cells;
    if (numbers.length < rows) numbers = new Float64Array(rows);
    for (let row = 0, i = column; row < rows; row++, i += width) {
      const start = i === 0 ? cells.start : ends[i - 1]! + gap;
      const end = ends[i]!;
      const plain = direct ? plainNumber(view, start, end) : NaN;
      if (!Number.isNaN(plain)) {
        numbers[row] = plain;
        continue;
      }
      const entry = cache.find(view, start, end);
      if (entry >= 0) numbers[row] = cache.values[entry]!;
      else {
        const value = builder.read(read(cells.textOf(start, end)));
        if (value === undefined) return row;
        cache.add((numbers[row] = value));
      }
    }
    builder.addAll(numbers.subarray(0, rows));
    return rows;
  };
}

const [MINUS, POINT, ZERO] = [45, 46, 48];
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** Reads a number of at most 15 digits, as {@link parseNumber} does: such a number and a power of 10 are exact. Others are NaN. */
export function plainNumber(view: DataView, start: number, end: number): number {
  const negative = start < end && view.getUint8(start) === MINUS;
  let value = 0;
  let digits = 0;
  let fraction = -1; // the digits after the point
  for (let p = negative ? start + 1 : start; p < end; p++) {
    const byte = view.getUint8(p);
    if (byte >= ZERO && byte <= ZERO + 9) {
      value = 10 * value + byte - ZERO;
      digits++;
      if (fraction >= 0) fraction++;
    } else if (byte === POINT && fraction < 0) fraction = 0;
    else return NaN;
  }
  if (digits === 0 || digits > 15) return NaN;
  if (fraction > 0) value /= POWERS[fraction]!;
  return negative ? -value : value;
}

/** Reads a CSV text that comes in pieces into typed columns. `take` makes a table of the `size` rows since the last one. */
export function csvTableReader<T extends Tasks, F extends string = string>(
  name: string,
  options: Declaration<T, F> & CsvOptions,
  budget = UNLIMITED,
) {
  const { delimiter = ',', trim = true, missing, comment, skip = 0, decimal, skipBadRows } = options;
  const textIn = trim ? trimmed : (cell: string) => cell;
  const emptyRows = () => {
    const builder = tableBuilder(options, { missing, decimal });
    const columns = builder.sinks.map((sink) => plainColumn(sink, textIn));
    return { builder, columns, lines: new Growing(Uint32Array), size: 0, skipped: [] as string[] };
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
      const wrong = (at: number) => `${name}, line ${at}: ${cells.width} cells in place of ${width}`;
      if (skipBadRows) {
        for (let row = 0; row < cells.rows; row++) rows.skipped.push(wrong(line + row));
        return;
      }
      fail({
        expected: `${width} cells in ${name}, line ${line}`,
        received: String(cells.width),
        fix: `Look at its delimiters (${shown(delimiter)}) and quotes. To leave such rows out of a data set, write "skipBadRows": true in its "csv".`,
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
      const text = textIn(cells[layout!.cellOf[s]!]!);
      if (sink.builder.read(text) === undefined) wrongCell(text, sink, name, line);
    });
  const tokenizer = csvTokenizer({ delimiter, comment, skip }, name, take);

  return {
    push(piece: string | Uint8Array): void {
      budget.spendText(piece.length, name);
      tokenizer.push(piece);
    },
    end(): void {
      tokenizer.end();
      if (earlier + rows.size > 0) return;
      const received = layout && !options.header ? 'the names of columns alone' : 'an empty text';
      const fix = `Look whether the file is the right one and whole${skip > 0 ? `, and at skip: ${skip}` : ''}.`;
      noRows(name, received, fix);
    },
    get size() {
      return rows.size;
    },
    take(): Table<T, F> {
      const { builder, lines, size, skipped } = rows;
      rows = emptyRows();
      earlier += size;
      const lineOf = lines.toArray();
      return builder.finish(size, (row) => `${name}, line ${lineOf[row]}`, skipped);
    },
  };
}

/** The number of cells in a row, and the index of each sink's cell. */
function rowLayout(names: readonly string[], sinks: readonly Sink[], name: string, line: number, delimiter: string) {
  const source = line === 0 ? 'the given header' : `${name}, line ${line}`;
  const isNamed = line === 0 || sinks.some(({ need }) => names.includes(need.column));
  const cellOf = sinks.map(({ need: { column } }) => {
    const at = names.indexOf(column);
    if (at < 0 && names.length > 1)
      noColumn(column, source, names, isNamed ? undefined : 'A file without a line of names is read with header: […].');
    if (at < 0) {
      fail({
        expected: `column "${column}" in ${source}`,
        received: '1 other column',
        fix: `The line is not cut by ${shown(delimiter)}: ${shown(names[0])}; pass delimiter.`,
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
