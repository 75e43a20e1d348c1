import type { Sums } from './find-split.ts';

/** A split or a leaf of a tree that is grown. */
export interface Node {
  /** Its rows are `rows[start]` to `rows[end - 1]`. */
  readonly start: number;
  readonly end: number;
  readonly sums: Sums;
  /** Where its parent names it: an index of `children`. The root has −1. */
  readonly place: number;
}

/**
 * The value of a leaf for one output: its step, drawn to the value of the parent, which has the share `pathSmooth` / (n + `pathSmooth`) for n rows
 * with a label (path_smooth of LightGBM). Without a label, it is the parent's value.
 *
 * @param splits of the tree
 * @param labeled the rows of a node with a label
 * @param step the best value of a node, from its rows with a label
 */
export function smoothedValues(
  splits: readonly Node[],
  pathSmooth: number,
  labeled: (node: Node) => Uint32Array,
  step: (node: Node, rows: Uint32Array) => number,
): (node: Node) => number {
  const known = new Map<Node, number>();
  const valueOf = (node: Node): number => {
    const parent = splits[node.place >> 1];
    const rows = labeled(node);
    if (rows.length === 0) return parent ? smoothed(parent) : 0;
    if (!parent || pathSmooth === 0) return step(node, rows);
    const share = rows.length / (rows.length + pathSmooth);
    return share * step(node, rows) + (1 - share) * smoothed(parent);
  };
  const smoothed = (node: Node): number => {
    const value = known.get(node) ?? valueOf(node);
    known.set(node, value);
    return value;
  };
  return smoothed;
}
