export interface BinnedColumn {
  readonly name: string;
  /** The bin of missing values, after all others. */
  readonly missing: number;
  readonly categorical: boolean;
  /** The place of its first bin among the bins of all columns. */
  readonly first: number;
}

/** Sums over the rows of a leaf for one output, by bin of each column: gradient, hessian and number of rows, [bins of all columns × 3]. */
export type Histogram = Float64Array;

export const SUMS = 3;

/** Makes the histogram of a leaf from that of its parent: what its sibling doesn't have. */
export function subtractHistogram(parent: Histogram, sibling: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= sibling[i]!;
}
