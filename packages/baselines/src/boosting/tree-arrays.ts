import type { BinnedColumns, BoostingDocument, BoostingSettings } from '@polytask/boosting';
import type { ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';

/** How many bins a number of a set has: 32 bits hold integers exactly up to 2²⁴. */
export const WORD = 24;
/** The numbers of a set of 256 bins. */
export const WORDS = Math.ceil(256 / WORD);
/** The numbers of trees, by the places of their outputs: those of the first output of the first task come first. */
export const treeSizes = ({ numIterations, numLeaves }: BoostingSettings, outputs: number) => ({
  rounds: numIterations,
  trees: outputs * numIterations,
  leaves: numLeaves,
  splits: numLeaves - 1,
});

/** The numbers of all trees. */
export class TreeArrays {
  readonly rounds: number;
  readonly #sizes: ReturnType<typeof treeSizes>;
  readonly #arrays: Readonly<Record<'columns' | 'left' | 'paths' | 'values', Float32Array>>;

  constructor(config: BoostingSettings, outputs: number) {
    this.#sizes = treeSizes(config, outputs);
    const { rounds, trees, splits, leaves } = this.#sizes;
    this.rounds = rounds;
    this.#arrays = {
      columns: new Float32Array(trees * splits),
      left: new Float32Array(trees * splits * WORDS),
      paths: new Float32Array(trees * splits * leaves),
      values: new Float32Array(trees * leaves),
    };
  }

  set(
    place: number,
    { column, left, missing, children, value }: BoostingDocument['trees'][number],
    table: BinnedColumns,
  ): void {
    const { splits, leaves } = this.#sizes;
    const { columns, left: sets, paths, values } = this.#arrays;
    values.set(value, place * leaves);
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

  assignTo(store: ParameterStore): void {
    tf.tidy(() => {
      for (const [name, array] of Object.entries(this.#arrays)) {
        const { variable } = store.get(`trees.${name}`);
        variable.assign(tf.tensor(array, variable.shape));
      }
    });
  }
}
