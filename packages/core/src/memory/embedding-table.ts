import { fail } from '@polytask/components';
import { gatherWhole } from './copy-rows.ts';

/**
 * An embedding table with sparse updates, in host memory: TensorFlow.js and graphs only see the rows that a batch reads.
 *
 * @example
 * const [table] = model.store.tables();
 * const rows = new Float32Array(2 * table.dimension);
 * table.gather(Int32Array.of(7, 9), rows);
 */
export class EmbeddingTable {
  /** The name in saved models, such as `input.table`. */
  readonly name: string;
  readonly rows: number;
  readonly dimension: number;
  /** The factor of the learning rate. 0: the table is frozen. */
  rate = 1;
  readonly #start: () => Float32Array;
  #values: Float32Array | undefined;
  #before: ((ids: Int32Array) => void) | undefined;

  /** @param start draws the initial values, [rows × dimension]. It is called at the first use */
  constructor(name: string, [rows, dimension]: readonly [rows: number, dimension: number], start: () => Float32Array) {
    this.name = name;
    this.rows = rows;
    this.dimension = dimension;
    this.#start = start;
  }

  get shape(): [rows: number, dimension: number] {
    return [this.rows, this.dimension];
  }

  get size(): number {
    return this.rows * this.dimension;
  }

  /** All numbers, [rows × dimension]: the table's own memory, not a copy. */
  get values(): Float32Array {
    return (this.#values ??= this.#start());
  }

  /** Replaces all numbers. The table keeps this array, and training writes into it. @throws PolytaskError when the length differs */
  adopt(values: Float32Array): void {
    this.#beginReplacing(values);
    this.#values = values;
  }

  /** Copies these numbers into the table. @throws PolytaskError when the length differs */
  set(values: Float32Array): void {
    this.#beginReplacing(values);
    if (this.#values) this.#values.set(values);
    else this.#values = values.slice();
  }

  #beginReplacing(values: Float32Array): void {
    if (values.length !== this.size) {
      fail({
        expected: `${this.size} numbers for the table "${this.name}" [${this.shape}]`,
        received: String(values.length),
        fix: 'Load it into its own model.',
      });
    }
    this.#before = undefined;
  }

  /** Copies rows out of the table, [count × dimension]. `into` may be longer: the rest stays. @throws PolytaskError when an id is outside of the table */
  gather(ids: Int32Array, into: Float32Array): void {
    this.checkIds(ids);
    gatherWhole(ids, this.dimension, this.values, into);
  }

  /** The numbers of the table, of which the caller may change these rows in place. @param ids each id once */
  edit(ids: Int32Array): Float32Array {
    this.#before?.(ids);
    return this.values;
  }

  /** Calls a function with the ids of rows before each {@link edit}, in place of an earlier one, until all numbers are replaced. */
  watch(before: ((ids: Int32Array) => void) | undefined): void {
    this.#before = before;
  }

  checkIds(ids: Int32Array): void {
    for (const id of ids) {
      if (id >= 0 && id < this.rows) continue;
      fail({
        expected: `ids from 0 to ${this.rows - 1} for the table "${this.name}"`,
        received: String(id),
        fix: 'Encode the rows with the schema of this model.',
      });
    }
  }
}
