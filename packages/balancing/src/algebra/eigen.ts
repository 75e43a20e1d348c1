import type { Matrix } from './solve.ts';

const SWEEPS = 60;

/** Gramians have single precision. Eigenvalues below it are treated as 0. */
const SINGLE = 1.2e-7;

/** The number of eigenvalues that are not 0. They are sorted, the largest first. */
export const rankOf = (values: readonly number[]): number =>
  values.filter((value) => value > values[0]! * values.length * SINGLE).length;

/** A = Σ_k values[k] vectors[k] vectors[k]ᵀ of a small symmetric matrix, the largest first, by Jacobi rotations. */
export function eigen(symmetric: Matrix) {
  const n = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  const size = Math.max(...a.flat().map(Math.abs));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        largest = Math.max(largest, Math.abs(a[p]![q]!));
        rotate(a, v, p, q);
      }
    }
    if (largest <= 1e-16 * size) break;
  }
  const order = a.map((_, k) => k).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((k) => a[k]![k]!), vectors: order.map((k) => v.map((row) => row[k]!)) };
}

/** Rotates rows and columns p and q so that a[p][q] becomes 0. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const off = a[p]![q]!;
  if (off === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of [...a, ...v]) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!];
    a[p]![k] = c * x - s * y;
    a[q]![k] = s * x + c * y;
  }
}
