import { firstCell, TILE, type BinnedColumns } from '../bins/binned-columns.ts';

export const WORDS = 8;

/** A tree in flat arrays. A row goes left if its bin is in the split's set, so numbers, categories and missing values are one case. */
export interface Tree {
  /** The column of each split: [splits]. */
  readonly column: Int32Array;
  /** The bins that go left, one bit for each of 256: [splits × 8]. */
  readonly left: Uint32Array;
  /** The left and the right child: [splits × 2]. A split, or for a leaf its complement ~leaf. Children come after their parent. */
  readonly children: Int32Array;
  /** How much each split lowers the loss: [splits]. */
  readonly gain: Float64Array;
  /** The value of each leaf: [leaves], one more than splits. */
  readonly value: Float64Array;
  /** How many training rows each leaf has: [leaves]. Explanations read it. */
  readonly count: Uint32Array;
}

/** Whether a bin is in a set of bins. @param at the first word of the set */
export const hasBin = (sets: Uint32Array, at: number, bin: number): boolean =>
  ((sets[at + (bin >>> 5)]! >>> (bin & 31)) & 1) === 1;

export const addBin = (sets: Uint32Array, at: number, bin: number): void => {
  sets[at + (bin >>> 5)]! |= 1 << (bin & 31);
};

/** Adds the leaf of each row from `first` to `end` − 1 to its score. */
export function addTree(
  { column, left, children, value }: Tree,
  { table, bins: { length: columns } }: BinnedColumns,
  scores: Float64Array,
  first: number,
  end: number,
): void {
  const root = column.length === 0 ? -1 : 0;
  for (let row = first; row < end; row++) {
    const at = firstCell(row, columns);
    let node = root;
    while (node >= 0) {
      const bin = table[at + column[node]! * TILE]!;
      const goesLeft = (left[node * WORDS + (bin >>> 5)]! >>> (bin & 31)) & 1;
      node = children[node * 2 + 1 - goesLeft]!;
    }
    scores[row]! += value[~node]!;
  }
}
