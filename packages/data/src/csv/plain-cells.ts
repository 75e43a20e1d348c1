import { parseNumber } from '@polytask/core/internal';

const [NEWLINE, RETURN, QUOTE, MINUS, POINT, ZERO] = [10, 13, 34, 45, 46, 48];

/** The ends of the cells of some rows: that of row r, column c is `ends[r · width + c]`. */
export interface PlainRows {
  readonly rows: number;
  /** The index after the last row. */
  readonly end: number;
}

/**
 * Finds the cells of rows, up to a row with a quote or of another width, or the end of `ends`. Four bytes at a time: in
 * `(x − 0x01010101) & ~x & 0x80808080`, the lowest bit is that of the first zero in x.
 *
 * @param stop the index after the end of a row
 * @param ends receives the index after each cell
 */
export function plainRows(
  view: DataView,
  start: number,
  stop: number,
  {
    delimiter,
    width,
    newline,
  }: { readonly delimiter: number; readonly width: number; readonly newline: '\n' | '\r\n' },
  ends: Uint32Array,
): PlainRows {
  const delimiters = Math.imul(delimiter, 0x01010101);
  const most = ends.length - width;
  let rows = 0;
  let end = start;
  let count = 0;
  let first = 0; // of the cells of the row
  for (let p = start; p < stop; p += 4) {
    const word = view.getInt32(p, true);
    const a = word ^ delimiters;
    const b = word ^ (NEWLINE * 0x01010101);
    const c = word ^ (QUOTE * 0x01010101);
    let found = (((a - 0x01010101) & ~a) | ((b - 0x01010101) & ~b) | ((c - 0x01010101) & ~c)) & 0x80808080;
    for (; found !== 0; found &= found - 1) {
      const at = p + ((31 - Math.clz32(found & -found)) >> 3);
      const byte = view.getUint8(at);
      if (byte === delimiter) {
        if (count - first === width) return { rows, end };
        ends[count++] = at;
      } else if (byte === NEWLINE && at < stop) {
        const returns = newline === '\n' ? 0 : 1;
        if (count - first !== width - 1 || (returns === 1 && view.getUint8(at - 1) !== RETURN)) return { rows, end };
        ends[count++] = at - returns;
        end = at + 1;
        first = count;
        if (++rows * width > most) return { rows, end };
      } else if (byte === QUOTE) return { rows, end };
    }
  }
  return { rows, end };
}

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
export const noNumbers = (markers: ReadonlySet<string>): boolean =>
  [...markers].every((marker) => Number.isNaN(parseNumber(marker)));
