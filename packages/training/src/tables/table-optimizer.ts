import { gatherRows, scatterRows, type EmbeddingTable } from '@polytask/core';
import { FlatOptimizer } from '../optimizers/flat/flat-optimizer.ts';
import { optimizerRule, type OptimizerRule, type OptimizerSpec } from '../optimizers/optimizer.ts';
import { IdleHistory } from './idle-history.ts';

/** The rows of an update at a time. They stay in the nearest caches of a processor from their reading to their writing. */
const BLOCK = 256;

/** In {@link TableOptimizer.since}: no step has updated the row. */
const NEVER = -1;

/**
 * The optimizer of one table. Its slots are in host memory, beside the table: a row of numbers for each row, or one number with
 * `perRow`. An update costs by the rows that it gets, not by the table.
 *
 * Adam and momentum move rows without gradients, too. With these optimizers, a row makes up for the steps that didn't read it. That
 * happens when the row is read again ({@link catchUp}), or at the end of an epoch ({@link settle}).
 */
export class TableOptimizer {
  readonly table: EmbeddingTable;
  /** The shape of each slot. */
  readonly shape: readonly [rows: number, width: number];
  /** The steps of which rows make up. Undefined for an optimizer that leaves rows as they are. */
  readonly history: IdleHistory | undefined;
  readonly #spec: OptimizerSpec;
  readonly #rule: OptimizerRule<OptimizerSpec>;
  /** The initial value of each slot. */
  readonly #starts: Readonly<Record<string, number>>;
  #slots: Readonly<Record<string, Float32Array>> | undefined;
  #since: Int32Array | undefined;
  readonly #block: FlatOptimizer;

  constructor(table: EmbeddingTable, spec: OptimizerSpec) {
    const { rows, dimension } = table;
    const rule = optimizerRule(spec);
    this.table = table;
    this.shape = [rows, rule.perRow ? 1 : dimension];
    this.#starts = rule.slots(spec);
    this.history = IdleHistory.of(rule.idle?.(spec));
    this.#spec = spec;
    this.#rule = rule;
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

  /** The step of {@link history} that each row is at, or {@link NEVER}, [rows]. For a table with a history. */
  get since(): Int32Array {
    return (this.#since ??= new Int32Array(this.table.rows).fill(NEVER));
  }

  /** Continues where another run was, and keeps these arrays. @param slots all slots, each [rows × width] */
  adopt(slots: Readonly<Record<string, Float32Array>>, place?: { since: Int32Array; history: Int32Array }): void {
    this.#slots = slots;
    if (!place || !this.history) return;
    this.#since = place.since;
    this.history.words = place.history;
  }

  /** Brings rows to the present, before a batch reads them. @param ids each id once */
  catchUp(ids: Int32Array): void {
    if (!this.history) return;
    const [{ since }, { now }] = [this, this.history];
    const stale = new Int32Array(ids.length);
    let count = 0;
    for (let k = 0; k < ids.length; k++) {
      const step = since[ids[k]!]!;
      if (step !== NEVER && step < now) stale[count++] = ids[k]!;
    }
    this.#move(stale.subarray(0, count));
  }

  /** Brings all rows to the present, where the history restarts. */
  settle(): void {
    if (!this.history) return;
    const { since } = this;
    const ids = new Int32Array(BLOCK);
    let count = 0;
    for (let row = 0; row < since.length; row++) {
      if (since[row] === NEVER) continue;
      if (since[row]! < this.history.now) ids[count++] = row;
      if (count === BLOCK) {
        this.#move(ids);
        count = 0;
      }
    }
    this.#move(ids.subarray(0, count));
    for (let row = 0; row < since.length; row++) if (since[row] !== NEVER) since[row] = 0;
    this.history.restart();
  }

  /** @param ids rows that are behind */
  #move(ids: Int32Array): void {
    if (ids.length === 0) return;
    const { dimension } = this.table;
    this.history!.move(ids, this.since, { parameters: this.table.edit(ids), slots: this.slots, dimension });
  }

  /**
   * Updates rows of the table and their slots.
   *
   * @param ids each id once; rows that were brought to the present
   * @param rows the numbers of these rows, as they were gathered, and their gradients, each [ids × dimension] or longer
   * @param at the 1-based index of the step, and its learning rate
   */
  update(
    ids: Int32Array,
    { parameters, gradients }: { readonly parameters: Float32Array; readonly gradients: Float32Array },
    at: { readonly step: number; readonly learningRate: number },
  ): void {
    const { dimension } = this.table;
    this.history?.add(this.#rule.coefficients(this.#spec, at));
    for (let from = 0; from < ids.length; from += BLOCK) {
      const rows = ids.subarray(from, from + BLOCK);
      const count = rows.length * dimension;
      this.#block.parameters.set(parameters.subarray(from * dimension, from * dimension + count));
      this.#copySlots(rows, gatherRows);
      this.#block.gradients.set(gradients.subarray(from * dimension, from * dimension + count));
      this.#block.update(at, count);
      this.table.scatter(rows, this.#block.parameters);
      this.#copySlots(rows, scatterRows);
      if (this.history) for (let k = 0; k < rows.length; k++) this.since[rows[k]!] = this.history.now;
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
