import { firstCell, TILE, type BinnedColumns } from '../bins/binned-columns.ts';
import type { Settings } from '../options.ts';
import type { Sample } from '../sampling.ts';
import { constraintsOf, leafValue, withinLimits, type Constraints, type Limits } from './constraints.ts';
import { SplitFinder, type Split, type Sums } from './find-split.ts';
import { subtractHistogram, type BinnedColumn, type Histogram } from './histogram.ts';
import { leafLoops, type LeafLoops } from './leaf-loops.ts';
import { hasBin, WORDS, type Tree } from './tree.ts';

interface Leaf {
  /** Its rows are `rows[start]` to `rows[end - 1]`, ascending. */
  readonly start: number;
  readonly end: number;
  readonly sums: Sums;
  readonly depth: number;
  /** Missing without constraints. */
  readonly limits?: Limits | undefined;
  /** Where its parent names it: an index of `children`. The root has none. */
  readonly place: number;
  /** Missing where it can't be split. */
  readonly histogram?: Histogram | undefined;
  readonly split?: Split | undefined;
}

interface Growing {
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  readonly scores: Float64Array;
  readonly sample: Sample;
  /** The value of a leaf with these rows. Default: a step of Newton. */
  readonly bestStep?: ((rows: Uint32Array) => number) | undefined;
}

/** Grows leaf by leaf, as LightGBM. The histogram of the smaller child is counted, that of the larger one is the rest of the parent's. */
export class TreeGrower {
  readonly #constraints: Constraints | undefined;
  readonly #finder: SplitFinder;
  /** Of the tree that is grown. */
  #loops!: LeafLoops;

  constructor(
    private readonly binned: BinnedColumns,
    private readonly columns: readonly BinnedColumn[],
    private readonly settings: Settings,
  ) {
    this.#constraints = constraintsOf(columns, settings);
    this.#finder = new SplitFinder(columns, settings, this.#constraints);
  }

  /** Grows one tree, and adds its values to the scores of all rows, by the derivatives of each row's loss. */
  grow(growing: Growing): Tree {
    const { gradients, hessians, scores, bestStep, sample } = growing;
    const { numLeaves, minDataInLeaf, lambdaL2, learningRate } = this.settings;
    const { binned, columns } = this;
    const histograms = Math.min(numLeaves, Math.max(1, Math.floor(binned.rows / minDataInLeaf)));
    this.#loops = leafLoops({ binned, columns, derivatives: [{ gradients, hessians }], histograms });
    this.#finder.sampled = sample.columns;
    const { rows } = this.#loops;
    const [splits, children]: [Split[], number[]] = [[], []];
    const leaves = [this.#root(growing)];
    while (leaves.length < numLeaves) {
      let next = -1;
      for (let i = 0; i < leaves.length; i++)
        if (leaves[i]!.split && (next < 0 || leaves[i]!.split!.gain > leaves[next]!.split!.gain)) next = i;
      if (next < 0) break;
      const leaf = leaves[next]!;
      if (leaf.place >= 0) children[leaf.place] = splits.length;
      children.push(~next, ~leaves.length);
      const ends = leaves.length + 1 === numLeaves;
      const [left, right] = this.#divide(leaf, leaf.split!, splits.length, ends);
      splits.push(leaf.split!);
      leaves[next] = left;
      leaves.push(right);
    }
    const value = Float64Array.from(leaves, ({ sums, limits, start, end }) =>
      bestStep
        ? withinLimits(learningRate * bestStep(rows.subarray(start, end)), limits, learningRate)
        : leafValue(sums.gradient, sums.hessian, lambdaL2, limits, learningRate),
    );
    leaves.forEach(({ start, end }, leaf) => {
      for (let i = start; i < end; i++) scores[rows[i]!]! += value[leaf]!;
    });
    const count = Uint32Array.from(leaves, ({ start, end }) => end - start);
    const tree = { ...treeOf(splits, children), value, count };
    if (sample.rows) this.#addToOthers(tree, sample.rows, scores);
    return tree;
  }

  /** Adds the tree to the scores of rows that aren't in the sample. */
  #addToOthers({ column, left, children, value }: Tree, sample: Uint32Array, scores: Float64Array): void {
    for (let row = 0, next = 0; row < scores.length; row++) {
      if (sample[next] === row) {
        next++;
        continue;
      }
      let node = column.length === 0 ? -1 : 0;
      while (node >= 0) {
        const bin = this.binned.table[firstCell(row, this.columns.length) + column[node]! * TILE]!;
        node = children[node * 2 + (hasBin(left, node * WORDS, bin) ? 0 : 1)]!;
      }
      scores[row]! += value[~node]!;
    }
  }

  #root({ gradients, hessians, sample: { rows: sample } }: Growing): Leaf {
    const { rows: places } = this.#loops;
    const rows = sample?.length ?? places.length;
    let [gradient, hessian] = [0, 0];
    for (let i = 0; i < rows; i++) {
      const row = (places[i] = sample?.[i] ?? i);
      gradient += gradients[row]!;
      hessian += hessians[row]!;
    }
    const sums = { gradient, hessian, count: rows };
    const leaf = { start: 0, end: rows, sums, depth: 0, place: -1, limits: this.#constraints?.root };
    return this.#canSplit(leaf) ? this.#searched(leaf, this.#counted(leaf)) : leaf;
  }

  /** The two children of a leaf. @param last whether they stay leaves */
  #divide(leaf: Leaf, split: Split, node: number, last: boolean) {
    const middle = this.#partition(leaf, split);
    const depth = leaf.depth + 1;
    const { sums } = split;
    const rest = {
      gradient: leaf.sums.gradient - sums.gradient,
      hessian: leaf.sums.hessian - sums.hessian,
      count: leaf.sums.count - sums.count,
    };
    const limits = leaf.limits ? this.#constraints!.below(leaf.limits, split.column, [sums, rest]) : [];
    const left: Leaf = { start: leaf.start, end: middle, sums, depth, place: node * 2, limits: limits[0] };
    const right: Leaf = { start: middle, end: leaf.end, sums: rest, depth, place: node * 2 + 1, limits: limits[1] };
    const parent = leaf.histogram!;
    const wanted = [left, right].map((child) => !last && this.#canSplit(child));
    if (!wanted.includes(true)) {
      this.#loops.free(parent);
      return [left, right] as const;
    }
    const smallIsLeft = sums.count <= rest.count;
    const counted = this.#counted(smallIsLeft ? left : right);
    subtractHistogram(parent, counted);
    const histograms = smallIsLeft ? [counted, parent] : [parent, counted];
    const searched = (child: Leaf, i: number): Leaf => {
      if (wanted[i]) return this.#searched(child, histograms[i]!);
      this.#loops.free(histograms[i]!);
      return child;
    };
    return [searched(left, 0), searched(right, 1)] as const;
  }

  #canSplit({ sums, depth }: Leaf): boolean {
    return sums.count >= 2 * this.settings.minDataInLeaf && depth < (this.settings.maxDepth ?? Infinity);
  }

  #searched(leaf: Leaf, histogram: Histogram): Leaf {
    return { ...leaf, histogram, split: this.#finder.best(histogram, leaf.sums, leaf.limits) };
  }

  #counted({ start, end }: Leaf): Histogram {
    const sums = this.#loops.histogram();
    this.#loops.fill(sums, 0, start, end);
    return sums;
  }

  /** Moves the rows that go left before the others, both in their order. @returns the place of the first that goes right */
  #partition({ start, end }: Leaf, { column, left }: Split): number {
    const goesLeft = Uint8Array.from({ length: 256 }, (_, bin) => (hasBin(left, 0, bin) ? 1 : 0));
    return this.#loops.partition(start, end, column, goesLeft);
  }
}

function treeOf(splits: readonly Split[], children: readonly number[]): Omit<Tree, 'value' | 'count'> {
  const left = new Uint32Array(splits.length * WORDS);
  splits.forEach((split, node) => left.set(split.left, node * WORDS));
  return {
    column: Int32Array.from(splits, ({ column }) => column),
    left,
    children: Int32Array.from(children),
    gain: Float64Array.from(splits, ({ gain }) => gain),
  };
}
