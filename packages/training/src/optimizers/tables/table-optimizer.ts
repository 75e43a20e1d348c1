import { alignedFloats, fail, type EmbeddingTable } from '@polytask/core';
import { FlatOptimizer } from '../flat/flat-optimizer.ts';
import { createOptimizer, type Optimizer, type OptimizerSpec } from '../optimizer.ts';
import { gatherRows, type RowPart, scatterRows, wholeRows } from './copy-rows.ts';
import { IdleHistory } from './idle-history.ts';

/** How many rows {@link TableOptimizer.settle} moves at a time. They stay in the nearest caches of a processor. */
const BLOCK = 256;

type RowCopies = Pick<FlatOptimizer, 'parameters' | 'slots'>;

/** In {@link TableOptimizer.since}: no step has updated the row. */
const NEVER = -1;

/**
 * The optimizer of one table. Its slots are in host memory, beside the table: a row of numbers for each row, or one number with
 * `perRow`. The slots of a row are one after the other: far memory is read once for all. An update costs by the rows that it gets,
 * not by the table.
 *
 * A step gathers rows with their slots, updates them there, and writes them back. Adam and momentum move rows without gradients, too:
 * such a row makes up for the steps that didn't read it. That happens when the row is read again, or at the end of an epoch
 * ({@link settle}).
 */
export class TableOptimizer {
  readonly table: EmbeddingTable;
  /** The shape of {@link slots}: the width is that of all slots of a row. */
  readonly shape: readonly [rows: number, width: number];
  /** The steps of which rows make up. Undefined for an optimizer that leaves rows as they are. */
  readonly history: IdleHistory | undefined;
  readonly #spec: OptimizerSpec;
  readonly #optimizer: Optimizer;
  /** The initial value of each slot. */
  readonly #starts: Readonly<Record<string, number>>;
  #slots: Float32Array | undefined;
  #since: Int32Array | undefined;

  constructor(table: EmbeddingTable, spec: OptimizerSpec) {
    const { rows, dimension } = table;
    const optimizer = createOptimizer(spec);
    this.table = table;
    this.#starts = optimizer.slots;
    this.shape = [rows, Object.keys(this.#starts).length * (optimizer.perRow ? 1 : dimension)];
    this.history = IdleHistory.of(optimizer.idle);
    this.#spec = spec;
    this.#optimizer = optimizer;
  }

  get slotNames(): string[] {
    return Object.keys(this.#starts);
  }

  /** All slots, as {@link shape} says, in the order of {@link slotNames}. Made at the first use, so a run that resumes has them once. */
  get slots(): Float32Array {
    if (this.#slots) return this.#slots;
    const slots = slotArray(this);
    const starts = Object.values(this.#starts);
    // zeros that nobody writes take no memory yet
    if (starts.some((value) => value !== 0)) {
      const width = this.shape[1] / starts.length;
      for (let i = 0; i < slots.length; i++) slots[i] = starts[Math.floor(i / width) % starts.length]!;
    }
    return (this.#slots = slots);
  }

  /** The step of {@link history} that each row is at, or {@link NEVER}, [rows]. For a table with a history. */
  get since(): Int32Array {
    return (this.#since ??= new Int32Array(this.table.rows).fill(NEVER));
  }

  /** Continues where another run was, and keeps these arrays. @param slots as {@link slots} */
  adopt(slots: Float32Array, place?: { since: Int32Array; history: Float64Array }): void {
    this.#slots = slots;
    if (!place || !this.history) return;
    this.#since = place.since;
    this.history.sums = place.history;
  }

  /** An optimizer for so many gathered rows. */
  forRows(capacity: number): FlatOptimizer {
    const { dimension } = this.table;
    return new FlatOptimizer(this.#spec, capacity * dimension, dimension);
  }

  /**
   * Copies rows and their slots into an optimizer of {@link forRows}, and brings the copies to the present. The table stays as it is.
   *
   * @param ids each id once
   * @throws PolytaskError when an id is outside of the table
   */
  gather(ids: Int32Array, rows: RowCopies): void {
    this.table.checkIds(ids);
    gatherRows({ dimension: this.table.dimension, ids, parts: this.#parts(this.table.values, rows) });
    this.#eachRowSlot(rows, (gathered, at) => {
      const { slots, table } = this;
      ids.forEach((id, k) => gathered.fill(slots[at(id)]!, k * table.dimension, (k + 1) * table.dimension));
    });
    if (!this.history) return;
    const [{ now }, { since }] = [this.history, this];
    const steps = new Int32Array(ids.length);
    for (let k = 0; k < ids.length; k++) {
      const step = since[ids[k]!]!;
      steps[k] = step === NEVER ? now : step;
    }
    this.history.move(steps, { ...rows, dimension: this.table.dimension });
  }

  /**
   * Updates gathered rows by their gradients, and writes them back with their slots.
   *
   * @param ids the ids of {@link gather}
   * @param at the 1-based index of the step, and its learning rate
   */
  update(ids: Int32Array, rows: FlatOptimizer, at: { readonly step: number; readonly learningRate: number }): void {
    this.history?.add(this.#optimizer.coefficients(at));
    rows.update(at, ids.length * this.table.dimension);
    this.#scatter(ids, rows);
  }

  /** Brings all rows to the present, where the history restarts. */
  settle(): void {
    if (!this.history) return;
    const { since } = this;
    const rows = this.forRows(BLOCK);
    const ids = new Int32Array(BLOCK);
    let count = 0;
    const move = () => {
      const some = ids.subarray(0, count);
      this.gather(some, rows);
      this.#scatter(some, rows);
      count = 0;
    };
    for (let row = 0; row < since.length; row++) {
      if (since[row] === NEVER || since[row] === this.history.now) continue;
      ids[count++] = row;
      if (count === BLOCK) move();
    }
    if (count > 0) move();
    for (let row = 0; row < since.length; row++) if (since[row] !== NEVER) since[row] = 0;
    this.history.restart();
  }

  #scatter(ids: Int32Array, rows: RowCopies): void {
    scatterRows({ dimension: this.table.dimension, ids, parts: this.#parts(this.table.edit(ids), rows) });
    this.#eachRowSlot(rows, (gathered, at) => {
      const { slots, table } = this;
      ids.forEach((id, k) => (slots[at(id)] = gathered[k * table.dimension]!));
    });
    if (!this.history) return;
    const [{ now }, { since }] = [this.history, this];
    for (let k = 0; k < ids.length; k++) since[ids[k]!] = now;
  }

  /** The rows of the table, and those of its slots that have a number for each parameter. */
  #parts(values: Float32Array, rows: RowCopies): RowPart[] {
    const { dimension } = this.table;
    const [, width] = this.shape;
    const slots = this.#optimizer.perRow ? [] : this.slotNames;
    return [
      wholeRows(values, dimension, rows.parameters),
      ...slots.map((slot, s) => ({ array: this.slots, width, offset: s * dimension, gathered: rows.slots[slot]! })),
    ];
  }

  /**
   * Calls a function for each slot with one number for each row: all numbers of a gathered row are equal. `at` says where that number
   * is in {@link slots}.
   */
  #eachRowSlot(rows: RowCopies, copy: (gathered: Float32Array, at: (id: number) => number) => void): void {
    if (!this.#optimizer.perRow) return;
    const { slotNames } = this;
    slotNames.forEach((slot, s) => copy(rows.slots[slot]!, (id) => id * slotNames.length + s));
  }
}

function slotArray({ shape, table, slotNames }: TableOptimizer): Float32Array {
  try {
    return alignedFloats(shape[0] * shape[1]);
  } catch (cause) {
    return fail({
      expected: `room for the slots ${slotNames.join(' and ')} of the table "${table.name}" in one array`,
      received: `[${shape}]: ${(cause as Error).message}`,
      mend: 'Pass a tableOptimizer with fewer slots, such as rowWiseAdagrad() or sgd(), or take hashed features with fewer buckets.',
    });
  }
}
