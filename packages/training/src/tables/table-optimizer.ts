import { gatherRows, scatterRows, type EmbeddingTable } from '@polytask/core';
import { FlatOptimizer } from '../optimizers/flat/flat-optimizer.ts';
import { optimizerRule, type OptimizerSpec } from '../optimizers/optimizer.ts';

/** The rows of an update at a time. They stay in the nearest caches of a processor from their reading to their writing. */
const BLOCK = 256;

/**
 * The optimizer of one table. Its slots are in host memory, beside the table: a row of numbers for each row, or one number with
 * `perRow`. An update costs by the rows that it gets, not by the table.
 */
export class TableOptimizer {
  readonly table: EmbeddingTable;
  /** The shape of each slot. */
  readonly shape: readonly [rows: number, width: number];
  /** The initial value of each slot. */
  readonly #starts: Readonly<Record<string, number>>;
  #slots: Readonly<Record<string, Float32Array>> | undefined;
  readonly #block: FlatOptimizer;

  constructor(table: EmbeddingTable, spec: OptimizerSpec) {
    const { rows, dimension } = table;
    const rule = optimizerRule(spec);
    this.table = table;
    this.shape = [rows, rule.perRow ? 1 : dimension];
    this.#starts = rule.slots(spec);
    this.#block = new FlatOptimizer(spec, BLOCK * dimension, dimension);
  }

  get slotNames(): string[] {
    return Object.keys(this.#starts);
  }

  /** The slots by name, each [rows × width]. They are made at the first use, so a run that resumes has them once. */
  get slots(): Readonly<Record<string, Float32Array>> {
    return (this.#slots ??= Object.fromEntries(
      Object.entries(this.#starts).map(([slot, value]) => {
        const array = new Float32Array(this.shape[0] * this.shape[1]);
        return [slot, value === 0 ? array : array.fill(value)]; // zeros that nobody writes take no memory yet
      }),
    ));
  }

  /** Continues with the slots of another run, and keeps their arrays. @param slots all slots, each [rows × width] */
  adopt(slots: Readonly<Record<string, Float32Array>>): void {
    this.#slots = slots;
  }

  /**
   * Updates rows of the table and their slots.
   *
   * @param ids each id once
   * @param gradients [ids × dimension] or longer
   * @param at the 1-based index of the step, and its learning rate
   */
  update(ids: Int32Array, gradients: Float32Array, at: { readonly step: number; readonly learningRate: number }): void {
    const { dimension } = this.table;
    for (let from = 0; from < ids.length; from += BLOCK) {
      const rows = ids.subarray(from, from + BLOCK);
      const count = rows.length * dimension;
      this.table.gather(rows, this.#block.parameters);
      this.#copySlots(rows, gatherRows);
      this.#block.gradients.set(gradients.subarray(from * dimension, from * dimension + count));
      this.#block.update(at, count);
      this.table.scatter(rows, this.#block.parameters);
      this.#copySlots(rows, scatterRows);
    }
  }

  /** Copies slots between the table's arrays and the block. With `perRow`, all numbers of a row in the block are equal. */
  #copySlots(ids: Int32Array, copy: typeof gatherRows): void {
    const { dimension } = this.table;
    for (const [slot, array] of Object.entries(this.slots)) {
      const gathered = this.#block.slots[slot]!;
      if (this.shape[1] === dimension) copy({ dimension, ids, array, gathered });
      else if (copy === gatherRows)
        ids.forEach((id, k) => gathered.fill(array[id]!, k * dimension, (k + 1) * dimension));
      else ids.forEach((id, k) => (array[id] = gathered[k * dimension]!));
    }
  }
}
