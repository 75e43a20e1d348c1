import { isNumber } from '../columns/values.ts';
import type { Sink } from '../table/table-builder.ts';
import { CellCache } from './cell-cache.ts';
import type { CsvRows } from './csv-tokenizer.ts';

/** Reads some rows of a column. Returns the first row whose cell it can't hold, else the number of rows. */
export type PlainColumn = (cells: CsvRows, column: number, rows: number) => number;

/**
 * Reads a column from bytes, without texts where a cell was there before or is a plain number.
 *
 * @param read the text that the column's builder takes for a cell; undefined if there is none
 * @param direct whether plain numbers are read from the bytes
 */
export function plainColumn(
  { builder }: Sink,
  read: (cell: string) => string | undefined,
  direct: boolean,
): PlainColumn {
  const cache = new CellCache();
  let numbers = new Float64Array(0);
  return (cells, column, rows) => {
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
        const text = read(cells.textOf(start, end));
        const value = text === undefined ? undefined : builder.read(text);
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

/** Whether no marker of missing values is a number. */
export const noNumbers = (markers: ReadonlySet<string>): boolean => ![...markers].some(isNumber);
