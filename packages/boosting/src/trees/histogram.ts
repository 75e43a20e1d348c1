export interface BinnedColumn {
  readonly name: string;
  readonly bins: Uint8Array;
  /** The bin of missing values, after all others. */
  readonly missing: number;
  readonly categorical: boolean;
  /** The place of its first bin among the bins of all columns. */
  readonly first: number;
}

/** Sums over the rows of a leaf, by bin of each column: gradient, hessian and number of rows, [bins of all columns × 3]. */
export type Histogram = Float64Array;

export const SUMS = 3;

/** The rows of a leaf, with their derivatives in the same order. */
export interface LeafRows {
  readonly rows: Uint32Array;
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
}

export function fillHistogram(sums: Histogram, columns: readonly BinnedColumn[], leaf: LeafRows): void {
  sums.fill(0);
  const together = columns.length - (columns.length % 4);
  for (let c = 0; c < together; c += 4)
    addFour(sums, columns[c]!, columns[c + 1]!, columns[c + 2]!, columns[c + 3]!, leaf);
  for (let c = together; c < columns.length; c++) addOne(sums, columns[c]!, leaf);
}

/** Four columns at a time: often a bin repeats from row to row, and then one sum would wait for the one before. */
function addFour(
  sums: Histogram,
  { bins: binsA, first: firstA }: BinnedColumn,
  { bins: binsB, first: firstB }: BinnedColumn,
  { bins: binsC, first: firstC }: BinnedColumn,
  { bins: binsD, first: firstD }: BinnedColumn,
  { rows, gradients, hessians }: LeafRows,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const gradient = gradients[i]!;
    const hessian = hessians[i]!;
    const a = (firstA + binsA[row]!) * 3;
    sums[a]! += gradient;
    sums[a + 1]! += hessian;
    sums[a + 2]! += 1;
    const b = (firstB + binsB[row]!) * 3;
    sums[b]! += gradient;
    sums[b + 1]! += hessian;
    sums[b + 2]! += 1;
    const c = (firstC + binsC[row]!) * 3;
    sums[c]! += gradient;
    sums[c + 1]! += hessian;
    sums[c + 2]! += 1;
    const d = (firstD + binsD[row]!) * 3;
    sums[d]! += gradient;
    sums[d + 1]! += hessian;
    sums[d + 2]! += 1;
  }
}

function addOne(sums: Histogram, { bins, first }: BinnedColumn, { rows, gradients, hessians }: LeafRows): void {
  for (let i = 0; i < rows.length; i++) {
    const at = (first + bins[rows[i]!]!) * 3;
    sums[at]! += gradients[i]!;
    sums[at + 1]! += hessians[i]!;
    sums[at + 2]! += 1;
  }
}

/** Makes the histogram of a leaf from that of its parent: what its sibling doesn't have. */
export function subtractHistogram(parent: Histogram, sibling: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= sibling[i]!;
}
