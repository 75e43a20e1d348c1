import { gatheredShape, PolytaskError, uniqueIds, type Batch, type NamedTensor, type Table } from '@polytask/core';
import type { TableReader } from '@polytask/graphs';
import { slotFaults, slotName, type OptimizerSpec } from '../optimizers/optimizer.ts';
import { GatheredRows } from './gathered-rows.ts';
import { TableSlots } from './table-slots.ts';

/** The tables of a model that are trained by rows, with the slots of their optimizer. */
export class TableState {
  readonly #model: TableReader;
  readonly #optimizer: OptimizerSpec;
  readonly #tables: readonly { readonly table: Table; readonly slots: TableSlots }[];
  /** The gathered rows by batch size. */
  readonly #gathered = new Map<number, readonly GatheredRows[]>();

  constructor(model: TableReader, optimizer: OptimizerSpec) {
    this.#model = model;
    this.#optimizer = optimizer;
    this.#tables = model.store.tables().map((table) => ({ table, slots: new TableSlots(table, optimizer) }));
  }

  get isEmpty(): boolean {
    return this.#tables.length === 0;
  }

  /** The gathered rows of all tables, for batches of this size. Their arrays stay the same. */
  rows(batchSize: number): readonly GatheredRows[] {
    let rows = this.#gathered.get(batchSize);
    if (!rows) {
      rows = this.#tables.map(({ table, slots }) => {
        const [capacity] = gatheredShape(table, this.#model.layout, batchSize);
        return new GatheredRows(table, slots, this.#optimizer, capacity);
      });
      this.#gathered.set(batchSize, rows);
    }
    return rows;
  }

  /**
   * Gathers the rows of a batch into {@link rows}.
   *
   * @returns the batch with positions in the gathered rows in place of ids
   * @throws PolytaskError when an id is outside of a table
   */
  gather(batch: Batch): Batch {
    if (this.isEmpty) return batch;
    const { ids, batch: positions } = uniqueIds(batch);
    for (const rows of this.rows(batch.size)) rows.gather(ids);
    return positions;
  }

  /**
   * Updates the rows of the last gathered batch by their gradients.
   *
   * @param at the 1-based index of the step, and its learning rate
   */
  update(batchSize: number, at: { readonly step: number; readonly learningRate: number }): void {
    for (const rows of this.rows(batchSize)) rows.update(at);
  }

  /** The slots by name. Their arrays are not copies: further steps change them. */
  slots(): Record<string, NamedTensor> {
    return Object.fromEntries(
      this.#named().map(({ name, slots, slot }) => [
        name,
        { dtype: 'float32', shape: slots.shape, data: slots.arrays[slot]! },
      ]),
    );
  }

  /**
   * Takes the slots of the tables, and keeps their arrays.
   *
   * @returns the other slots
   * @throws PolytaskError that lists missing and misshapen slots of tables
   */
  restoreSlots(all: Readonly<Record<string, NamedTensor>>): Record<string, NamedTensor> {
    const named = this.#named();
    const names = new Set(named.map(({ name }) => name));
    const [own, rest] = [true, false].map((isOwn) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name) === isOwn)),
    ) as [Record<string, NamedTensor>, Record<string, NamedTensor>];
    const faults = slotFaults(new Map(named.map(({ name, slots }) => [name, slots.shape])), own);
    if (faults.length > 0) throw new PolytaskError(`The optimizer's slots of tables don't fit: ${faults.join('; ')}.`);
    for (const { name, slots, slot } of named) slots.arrays[slot] = own[name]!.data as Float32Array;
    return rest;
  }

  #named(): { readonly name: string; readonly slots: TableSlots; readonly slot: string }[] {
    return this.#tables.flatMap(({ table, slots }) =>
      Object.keys(slots.arrays).map((slot) => ({ name: slotName(this.#optimizer, slot, table.name), slots, slot })),
    );
  }
}
