import { boostingOptions, direction, type BinnedColumns, type BoostingDocument } from '@polytask/boosting';
import { either, oneOf, optional, record, recordOf, share, wholeNumber } from '@polytask/components';
import type { FromDescription, Read, Written } from '@polytask/components';
import type { ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** How many bins a number of a set has: 32 bits hold integers exactly up to 2²⁴. */
export const WORD = 24;
export const WORDS = Math.ceil(256 / WORD);
export const boostedTreesOptions = {
  ...boostingOptions,
  /**
   * `own`: each task has trees of its own. `shared`: one tree in a round for all tasks, with the same splits and own values in the leaves, as of
   * `boostTogether`. `chosen`: both are grown, and each task has those with the smaller loss on the validation rows; its own if it has no label there.
   */
  trees: optional(oneOf('own', 'shared', 'chosen'), 'own'),
  /**
   * By the name of a numeric feature: 1 if the predictions never fall when it rises, −1 if they never rise. An object has a direction for each task that it
   * names; else all tasks have it. Default: none.
   */
  monotoneConstraints: optional(record(either(direction, record(direction)))),
  /** The rounds of an earlier model that stay. The training adds at most `numIterations` rounds. `growModel` sets it. */
  initIterations: optional(wholeNumber(), 0),
  /** Moves the leaves of the earlier model and adds no rounds: how much of its value a leaf keeps, from 0 to 1. Without it, rounds are added. */
  refitDecayRate: optional(share),
};

/** The options of {@link boostedTrees}: those of `boost`, and what is done with the trees of an earlier model. */
export interface BoostedTreesOptions extends Written<typeof boostedTreesOptions>, FromDescription {}

export type BoostedTreesSettings = Read<typeof boostedTreesOptions>;

/** The numbers of trees, by the places of their outputs: those of the first output of the first task come first. */
export function treeSizes(
  {
    initIterations,
    numIterations,
    numLeaves,
  }: Pick<BoostedTreesSettings, 'initIterations' | 'numIterations' | 'numLeaves'>,
  outputs: number,
) {
  const rounds = initIterations + numIterations;
  return { rounds, trees: outputs * rounds, leaves: numLeaves, splits: numLeaves - 1 };
}

/** The numbers of the trees that are grown, for the variables of the network. */
export class TreeArrays {
  readonly #arrays: TreeNumbers;

  constructor(
    private readonly store: ParameterStore,
    private readonly leaves: number,
  ) {
    const zeros = (name: keyof TreeNumbers) => new Float32Array(store.get(`trees.${name}`).variable.size);
    this.#arrays = recordOf(['columns', 'left', 'paths', 'values', 'counts'], zeros);
  }

  set(
    place: number,
    { column, left, missing, children, value, count }: BoostingDocument['trees'][number],
    table: BinnedColumns,
  ): void {
    const { leaves } = this;
    const splits = leaves - 1;
    const { columns, left: sets, paths, values, counts } = this.#arrays;
    values.set(value, place * leaves);
    counts.set(count, place * leaves);
    column.forEach((c, split) => {
      const at = place * splits + split;
      columns[at] = c;
      const own = left[split]!;
      const bins = typeof own === 'number' ? Array.from({ length: own + 1 }, (_, bin) => bin) : own;
      for (const bin of missing[split] ? [...bins, table.missingBin(c)] : bins)
        sets[at * WORDS + Math.floor(bin / WORD)]! += 2 ** (bin % WORD);
    });
    const walk = (node: number, way: readonly (readonly [split: number, side: number])[]): void => {
      if (node < 0) for (const [split, side] of way) paths[(place * leaves + ~node) * splits + split] = side;
      else for (const [i, side] of [1, -1].entries()) walk(children[node * 2 + i]!, [...way, [node, side]]);
    };
    if (column.length > 0) walk(0, []);
  }

  assign(): void {
    tf.tidy(() => {
      for (const [name, array] of Object.entries(this.#arrays)) {
        const { variable } = this.store.get(`trees.${name}`);
        variable.assign(tf.tensor(array, variable.shape));
      }
    });
  }
}

export interface TreeNumbers {
  /** [trees × splits] */
  readonly columns: Float32Array;
  /** [trees × splits × WORDS] the bins that go left */
  readonly left: Float32Array;
  /** [trees × leaves × splits] 1 where the way to the leaf goes left, −1 where it goes right */
  readonly paths: Float32Array;
  /** [trees × leaves] */
  readonly values: Float32Array;
  /** [trees × leaves] how many training rows a leaf has */
  readonly counts: Float32Array;
}

/** Trees that rows walk down. A child of 0 or more is a split of the tree, and one below 0 is ~leaf. */
export interface WalkedTrees extends Pick<TreeNumbers, 'values'> {
  readonly columns: Int32Array;
  readonly left: Int32Array;
  /** [trees × splits × 2] left and right */
  readonly children: Int32Array;
  /** [trees] the first node */
  readonly roots: Int32Array;
}

type Sizes = Pick<ReturnType<typeof treeSizes>, 'trees' | 'leaves' | 'splits'>;

/** Finds the splits below each other from the ways to the leaves: the first split of a set of leaves is on the way to all of them. */
export function walkedTrees(
  { columns, left, paths, values }: Omit<TreeNumbers, 'counts'>,
  { trees, leaves, splits }: Sizes,
): WalkedTrees {
  const children = new Int32Array(trees * splits * 2);
  const roots = new Int32Array(trees);
  for (let tree = 0; tree < trees; tree++) {
    const side = (leaf: number, split: number) => paths[(tree * leaves + leaf) * splits + split]!;
    const nodeOf = (below: readonly number[], above: readonly number[]): number => {
      if (below.length === 1) return ~below[0]!;
      let split = 0;
      while (above.includes(split) || below.some((leaf) => side(leaf, split) === 0)) split++;
      [1, -1].forEach((way, i) => {
        const part = below.filter((leaf) => side(leaf, split) === way);
        children[(tree * splits + split) * 2 + i] = nodeOf(part, [...above, split]);
      });
      return split;
    };
    // leaves that a tree lacks are on no way; a tree without splits has its value in the first one
    const reached = Array.from({ length: leaves }, (_, leaf) => leaf).filter((leaf) => {
      for (let split = 0; split < splits; split++) if (side(leaf, split) !== 0) return true;
      return false;
    });
    roots[tree] = nodeOf(reached.length > 0 ? reached : [0], []);
  }
  return { columns: Int32Array.from(columns), left: Int32Array.from(left), children, roots, values };
}

/** 1 if a row with this bin goes left, else 0. @param split its number among those of all trees */
export function binIsLeft({ left }: Pick<WalkedTrees, 'left'>, split: number, bin: number): number {
  const word = (bin / WORD) | 0;
  return (left[split * WORDS + word]! >> (bin - word * WORD)) & 1;
}

/** Adds the trees of each row to every `stride`-th of `sums` from `offset` on. @param bins [rows × width] */
export function addTrees(
  trees: WalkedTrees,
  { leaves, splits }: Sizes,
  { from, to }: { readonly from: number; readonly to: number },
  bins: Float32Array,
  rows: number,
  { sums, offset, stride }: { readonly sums: Float64Array; readonly offset: number; readonly stride: number },
): void {
  const { columns, children, roots, values } = trees;
  const width = bins.length / rows;
  for (let tree = from; tree < to; tree++) {
    const first = tree * splits;
    for (let row = 0; row < rows; row++) {
      let node = roots[tree]!;
      while (node >= 0) {
        const split = first + node;
        const bin = bins[row * width + columns[split]!]!;
        const goesLeft = binIsLeft(trees, split, bin);
        node = children[split * 2 + 1 - goesLeft]!;
      }
      sums[offset + row * stride]! += values[tree * leaves + ~node]!;
    }
  }
}
