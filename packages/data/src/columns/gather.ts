import { fail } from '@polytask/core';

type Numbers = Float64Array | Float32Array | Int32Array;

/** Copies rows of a row-major array [rows × width] into `to`, in the order of `rows`. */
export function gather<A extends Numbers>(from: A, width: number, rows: ArrayLike<number>, to: A): A {
  if (width === 1) {
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    return to;
  }
  for (let i = 0, at = 0; i < rows.length; i++) {
    const end = (rows[i]! + 1) * width;
    for (let source = end - width; source < end; source++) to[at++] = from[source]!;
  }
  return to;
}

/** Throws where a number is not that of a row. */
export function checkRows(rows: ArrayLike<number>, size: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row >>> 0 !== row || row >= size) {
      fail({
        expected: `row numbers from 0 to ${size - 1}`,
        received: `${row} at place ${i}`,
        mend: 'Rows are counted from 0, within the table that they are taken from.',
      });
    }
  }
}
