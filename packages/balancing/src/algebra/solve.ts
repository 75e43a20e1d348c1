/** A square matrix, [n][n], by rows. */
export type Matrix = readonly (readonly number[])[];

/** Pivots below this number, relative to the largest number of the matrix, count as 0. */
const TINY = 1e-13;

/** Solves A x = b by elimination with partial pivoting. @returns x, or undefined when A is singular */
export function solve(a: Matrix, b: readonly number[]): number[] | undefined {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]!]);
  const largest = Math.max(...a.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    if (!(Math.abs(top[column]!) > TINY * largest)) return undefined;
    for (let i = column + 1; i < n; i++) {
      const factor = rows[i]![column]! / top[column]!;
      for (let j = column; j <= n; j++) rows[i]![j]! -= factor * top[j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) rest -= rows[i]![j]! * x[j]!;
    x[i] = rest / rows[i]![i]!;
  }
  return x;
}

export const times = (a: Matrix, x: readonly number[]): number[] => a.map((row) => dot(row, x));

/** Σ a_i b_i */
export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export const diagonal = (a: Matrix): number[] => a.map((row, i) => row[i]!);

export const ridged = (a: Matrix, ridge: number): number[][] =>
  a.map((row, i) => row.map((value, j) => (i === j ? value + ridge : value)));

/** The cosines of the gradients, which is the Gramian of gradients of length 1. No gradient may be 0. */
export function cosines(gramian: Matrix): number[][] {
  const norms = diagonal(gramian).map(Math.sqrt);
  return gramian.map((row, i) => row.map((product, j) => product / (norms[i]! * norms[j]!)));
}
