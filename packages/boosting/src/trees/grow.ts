import { firstCell, TILE, type BinnedColumns } from '../bins/binned-columns.ts';
import type { BoostingSettings } from '../boosting-options.ts';
import type { Sample } from '../sampling.ts';
import { constraintsOf, leafValue, withinLimits, type Constraints, type Limits } from './constraints.ts';
import { SplitFinder, type Split } from './find-split.ts';
import { subtractHistogram, type BinnedColumn, type Histogram } from './histogram.ts';
import { leafLoops, type Derivatives, type LeafLoops } from './leaf-loops.ts';
import { smoothedValues, type Node } from './leaf-values.ts';
import { hasBin, WORDS, type Tree } from './tree.ts';

/** One score of each row, and the derivatives of the loss by it. */
export interface Output extends Derivatives {
  readonly scores: Float64Array;
  /** How much its gain counts when a split is chosen. */
  readonly weight: number;
  /** The value of a leaf with these rows. Default: a step of Newton. */
  readonly bestStep?: ((rows: Uint32Array) => number) | undefined;
}

interface Leaf extends Node {
  readonly depth: number;
  /** Missing without constraints. */
  readonly limits?: Limits | undefined;
  /** Of each output. Missing where it can't be split. */
  readonly histogram?: readonly Histogram[] | undefined;
  readonly split?: Split | undefined;
}

/** Grows leaf by leaf, as LightGBM. The histogram of the smaller child is counted, that of the larger one is the rest of the parent's. */
export class TreeGrower {
  readonly #constraints: Constraints | undefined;
  readonly #finder: SplitFinder;
  /** Of the tree that is grown. */
  #loops!: LeafLoops;
  #outputs: readonly Output[] = [];

  constructor(
    private readonly binned: BinnedColumns,
    private readonly columns: readonly BinnedColumn[],
    private readonly settings: BoostingSettings,
    private readonly pathSmooth: number,
  ) {
    this.#constraints = constraintsOf(columns, settings);
    this.#finder = new SplitFinder(columns, settings, this.#constraints);
  }

  /**
   * Grows one tree for some outputs, by their derivatives, and adds its values to their scores.
   *
   * @returns the tree for each output: their splits are the same
   */
  grow(outputs: readonly Output[], sample: Sample): Tree[] {
    this.#outputs = outputs;
    const { numLeaves, minDataInLeaf } = this.settings;
    const { binned, columns } = this;
    const histograms = outputs.length * Math.min(numLeaves, Math.max(1, Math.floor(binned.rows / minDataInLeaf)));
    this.#loops = leafLoops({ binned, columns, derivatives: outputs, histograms });
    this.#finder.sampled = sample.columns;
    const [splits, children, nodes]: [Split[], number[], Leaf[]] = [[], [], []];
    const leaves = [this.#root(sample.rows)];
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
      nodes.push(leaf);
      leaves[next] = left;
      leaves.push(right);
    }
    const { rows } = this.#loops;
    const count = Uint32Array.from(leaves, ({ start, end }) => end - start);
    const shape = { ...shapeOf(splits, children), count };
    const trees = outputs.map((output, o): Tree => {
      const value = this.#valuesOf(o, nodes, leaves);
      leaves.forEach(({ start, end }, leaf) => {
        for (let i = start; i < end; i++) output.scores[rows[i]!]! += value[leaf]!;
      });
      return { ...shape, gain: Float64Array.from(splits, ({ gains }) => gains[o]!), value };
    });
    if (sample.rows) this.#addToOthers(trees, sample.rows);
    return trees;
  }

  #valuesOf(output: number, splits: readonly Leaf[], leaves: readonly Leaf[]): Float64Array {
    const { lambdaL2, learningRate } = this.settings;
    const { hessians, bestStep } = this.#outputs[output]!;
    const mayMiss = this.pathSmooth > 0 || this.#outputs.length > 1;
    const labeled = ({ start, end }: Node) => {
      const rows = this.#loops.rows.subarray(start, end);
      return mayMiss ? weighted(rows, hessians) : rows;
    };
    const step = ({ sums }: Node, rows: Uint32Array) =>
      bestStep
        ? learningRate * bestStep(rows)
        : leafValue(sums.gradients[output]!, sums.hessians[output]!, lambdaL2, undefined, learningRate);
    const valueOf = smoothedValues(splits, this.pathSmooth, labeled, step);
    return Float64Array.from(leaves, (leaf) => withinLimits(valueOf(leaf), leaf.limits, learningRate));
  }

  /** Adds the trees, whose splits are the same, to the scores of rows that aren't in the sample. */
  #addToOthers(trees: readonly Tree[], sample: Uint32Array): void {
    const { column, left, children } = trees[0]!;
    for (let row = 0, next = 0; row < this.binned.rows; row++) {
      if (sample[next] === row) {
        next++;
        continue;
      }
      let node = column.length === 0 ? -1 : 0;
      while (node >= 0) {
        const bin = this.binned.table[firstCell(row, this.columns.length) + column[node]! * TILE]!;
        node = children[node * 2 + (hasBin(left, node * WORDS, bin) ? 0 : 1)]!;
      }
      for (let o = 0; o < trees.length; o++) this.#outputs[o]!.scores[row]! += trees[o]!.value[~node]!;
    }
  }

  #root(sample: Uint32Array | undefined): Leaf {
    const { rows: places } = this.#loops;
    const rows = sample?.length ?? places.length;
    for (let i = 0; i < rows; i++) places[i] = sample?.[i] ?? i;
    const sums = {
      gradients: new Float64Array(this.#outputs.length),
      hessians: new Float64Array(this.#outputs.length),
      count: rows,
    };
    for (const [o, { gradients, hessians }] of this.#outputs.entries()) {
      let gradient = 0;
      let hessian = 0;
      for (let i = 0; i < rows; i++) {
        const row = places[i]!;
        gradient += gradients[row]!;
        hessian += hessians[row]!;
      }
      sums.gradients[o] = gradient;
      sums.hessians[o] = hessian;
    }
    const leaf = { start: 0, end: rows, sums, depth: 0, place: -1, limits: this.#constraints?.root };
    return this.#canSplit(leaf) ? this.#searched(leaf, this.#counted(leaf)) : leaf;
  }

  /** The two children of a leaf. @param last whether they stay leaves */
  #divide(leaf: Leaf, split: Split, node: number, last: boolean) {
    const middle = this.#partition(leaf, split);
    const depth = leaf.depth + 1;
    const { sums } = split;
    const rest = {
      gradients: leaf.sums.gradients.map((each, o) => each - sums.gradients[o]!),
      hessians: leaf.sums.hessians.map((each, o) => each - sums.hessians[o]!),
      count: leaf.sums.count - sums.count,
    };
    const limits = leaf.limits ? this.#constraints!.below(leaf.limits, split.column, [sums, rest]) : [];
    const left: Leaf = { start: leaf.start, end: middle, sums, depth, place: node * 2, limits: limits[0] };
    const right: Leaf = { start: middle, end: leaf.end, sums: rest, depth, place: node * 2 + 1, limits: limits[1] };
    const parent = leaf.histogram!;
    const wanted = [left, right].map((child) => !last && this.#canSplit(child));
    if (!wanted.includes(true)) {
      parent.forEach(this.#loops.free);
      return [left, right] as const;
    }
    const smallIsLeft = sums.count <= rest.count;
    const counted = this.#counted(smallIsLeft ? left : right);
    parent.forEach((sums, o) => subtractHistogram(sums, counted[o]!));
    const histograms = smallIsLeft ? [counted, parent] : [parent, counted];
    const searched = (child: Leaf, i: number): Leaf => {
      if (wanted[i]) return this.#searched(child, histograms[i]!);
      histograms[i]!.forEach(this.#loops.free);
      return child;
    };
    return [searched(left, 0), searched(right, 1)] as const;
  }

  #canSplit({ sums, depth }: Leaf): boolean {
    return sums.count >= 2 * this.settings.minDataInLeaf && depth < (this.settings.maxDepth ?? Infinity);
  }

  #searched(leaf: Leaf, histogram: readonly Histogram[]): Leaf {
    const weights = this.#outputs.map(({ weight }) => weight);
    return { ...leaf, histogram, split: this.#finder.best(histogram, leaf.sums, weights, leaf.limits) };
  }

  #counted({ start, end }: Leaf): Histogram[] {
    return this.#outputs.map((_, o) => {
      const sums = this.#loops.histogram();
      this.#loops.fill(sums, o, start, end);
      return sums;
    });
  }

  /** Moves the rows that go left before the others, both in their order. @returns the place of the first that goes right */
  #partition({ start, end }: Leaf, { column, left }: Split): number {
    const goesLeft = Uint8Array.from({ length: 256 }, (_, bin) => (hasBin(left, 0, bin) ? 1 : 0));
    return this.#loops.partition(start, end, column, goesLeft);
  }
}

function shapeOf(splits: readonly Split[], children: readonly number[]): Pick<Tree, 'column' | 'left' | 'children'> {
  const left = new Uint32Array(splits.length * WORDS);
  splits.forEach((split, node) => left.set(split.left, node * WORDS));
  return { column: Int32Array.from(splits, ({ column }) => column), left, children: Int32Array.from(children) };
}

/** The rows that count: their second derivatives are above 0. */
function weighted(rows: Uint32Array, hessians: Float32Array): Uint32Array {
  const into = new Uint32Array(rows.length);
  let found = 0;
  for (let i = 0; i < rows.length; i++) if (hessians[rows[i]!]! > 0) into[found++] = rows[i]!;
  return into.subarray(0, found);
}
