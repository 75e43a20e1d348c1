import type { Sink } from '../table/table-builder.ts';
import { CellCache } from './cell-cache.ts';
import type { PlainCells } from './csv-bytes.ts';
import { plainNumber } from './plain-cells.ts';

/** Reads some rows of a column. Returns the first row whose cell it can't hold, else the number of rows. */
export type PlainColumn = (cells: PlainCells, column: number, rows: number) => number;

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
  const { cells: reader } = builder;
  const valueOf = (cell: string): number | undefined => {
    const text = read(cell);
    return text === undefined ? undefined : reader!.read(text);
  };
  let numbers = new Float64Array(0);
  return (cells, column, rows) => {
    const { view, ends, width } = cells;
    const gap = column === 0 ? cells.gap : 1;
    if (numbers.length < rows) numbers = new Float64Array(rows);
    for (let row = 0, i = column; row < rows; row++, i += width) {
      const start = i === 0 ? cells.start : ends[i - 1]! + gap;
      const end = ends[i]!;
      if (reader === undefined) {
        const text = read(cells.textOf(start, end));
        if (text === undefined || !builder.pushText(text)) return row;
        continue;
      }
      const plain = direct ? plainNumber(view, start, end) : NaN;
      if (!Number.isNaN(plain)) {
        numbers[row] = plain;
        continue;
      }
      const entry = cache.find(view, start, end);
      if (entry >= 0) numbers[row] = cache.values[entry]!;
      else {
        const value = valueOf(cells.textOf(start, end));
        if (value === undefined) return row;
        cache.add((numbers[row] = value));
      }
    }
    reader?.addAll(numbers.subarray(0, rows));
    return rows;
  };
}
