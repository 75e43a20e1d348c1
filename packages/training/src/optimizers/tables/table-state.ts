import {
  gatheredShape,
  gatherTables,
  PolytaskError,
  type Batch,
  type EmbeddingTable,
  type GatheredBatch,
  type NamedTensor,
  type TableRows,
} from '@polytask/core';
import type { TableReader } from '@polytask/graphs';
import { slotFaults, slotName, type OptimizerSpec } from '../optimizer.ts';
import type { FlatOptimizer } from '../flat/flat-optimizer.ts';
import { TableOptimizer } from './table-optimizer.ts';

/**
 * The rows of one table that a batch reads, one after the other, with their slots. Graphs read the parameters of the optimizer and write
 * its gradients in place. The rows after the distinct ids are padding.
 */
export interface TrainedRows {
  readonly table: EmbeddingTable;
  readonly shape: TableRows['shape'];
  /** The optimizer of these rows. A slot has a number for each parameter. */
  readonly optimizer: FlatOptimizer;
}

/** The names of the step that each row is at, and of the history of its optimizer, among the slots. */
const SINCE = 'since';
const HISTORY = 'history';

/** The tables of a model that are trained by rows, with the slots of their optimizer. */
export class TableState {
  readonly #model: TableReader;
  readonly #optimizer: OptimizerSpec;
  readonly #tables: readonly TableOptimizer[];
  /** The gathered rows by batch size. */
  readonly #gathered = new Map<number, readonly TrainedRows[]>();
  /** The last gathered batch: its distinct ids, and their rows. */
  #last: { readonly ids: Int32Array; readonly rows: readonly TrainedRows[] } | undefined;

  constructor(model: TableReader, optimizer: OptimizerSpec) {
    this.#model = model;
    this.#optimizer = optimizer;
    this.#tables = model.store.tables().map((table) => new TableOptimizer(table, optimizer));
  }

  /** The gathered rows of all tables, for batches of this size. Their arrays stay the same. */
  rows(batchSize: number): readonly TrainedRows[] {
    let rows = this.#gathered.get(batchSize);
    if (!rows) {
      const { layout } = this.#model;
      rows = this.#tables.map((optimizer) => {
        const shape = gatheredShape(optimizer.table, layout, batchSize);
        return { table: optimizer.table, shape, optimizer: optimizer.forRows(shape[0]) };
      });
      this.#gathered.set(batchSize, rows);
    }
    return rows;
  }

  /**
   * Gathers the rows of a batch into {@link rows}, and brings them to the present there.
   *
   * @returns the batch, with these rows
   * @throws PolytaskError when an id is outside of a table
   */
  gather(batch: Batch): GatheredBatch {
    const rows = this.rows(batch.size);
    const tables = this.#tables.map(({ table }) => table);
    const gathered = gatherTables(batch, tables, (table, ids) => {
      const t = tables.indexOf(table);
      const { shape, optimizer } = rows[t]!;
      this.#tables[t]!.gather(ids, optimizer);
      return { shape, data: optimizer.parameters };
    });
    this.#last = gathered.gathered && { ids: gathered.gathered.ids, rows };
    return gathered;
  }

  /**
   * Updates the rows of the last gathered batch by their gradients.
   *
   * @param at the 1-based index of the step, and its learning rate
   */
  update(at: { readonly step: number; readonly learningRate: number }): void {
    if (!this.#last) return;
    const { ids, rows } = this.#last;
    this.#tables.forEach((optimizer, t) => optimizer.update(ids, rows[t]!.optimizer, at));
  }

  /** Brings all rows of all tables to the present. The rows of a table need it before something other than a step reads them. */
  settle(): void {
    for (const optimizer of this.#tables) optimizer.settle();
  }

  /**
   * The slots by name, and where rows and their history are, so that a run that goes on equals one that never stopped. Most
   * arrays are not copies: further steps change them.
   */
  slots(): Record<string, NamedTensor> {
    const slots = this.#named().map(({ name, of }): [string, NamedTensor] => [
      name,
      { dtype: 'float32', shape: of.shape, data: of.slots },
    ]);
    const places = this.#tables.flatMap((of): [string, NamedTensor][] => {
      if (!of.history) return [];
      const words = new Int32Array(of.history.sums.buffer); // files have numbers of 32 bits
      return [
        [this.#nameOf(SINCE, of), { dtype: 'int32', shape: [of.since.length], data: of.since }],
        [this.#nameOf(HISTORY, of), { dtype: 'int32', shape: [words.length], data: words }],
      ];
    });
    return Object.fromEntries([...slots, ...places]);
  }

  /**
   * Takes the slots of the tables, and keeps their arrays.
   *
   * @returns the other slots
   * @throws PolytaskError that lists missing and misshapen slots of tables
   */
  restoreSlots(all: Readonly<Record<string, NamedTensor>>): Record<string, NamedTensor> {
    const named = this.#named();
    const withHistory = this.#tables.filter(({ history }) => history);
    const places = withHistory.map((of) => ({
      since: this.#nameOf(SINCE, of),
      history: this.#nameOf(HISTORY, of),
      of,
    }));
    const names = new Set([
      ...named.map(({ name }) => name),
      ...places.flatMap(({ since, history }) => [since, history]),
    ]);
    const [own, rest] = [true, false].map((isOwn) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name) === isOwn)),
    ) as [Record<string, NamedTensor>, Record<string, NamedTensor>];
    const faults = slotFaults(
      new Map<string, readonly number[]>([
        ...named.map(({ name, of }) => [name, of.shape] as const),
        ...places.map(({ since, of }) => [since, [of.table.rows]] as const),
        ...places.map(({ history }) => [history, own[history]?.shape ?? []] as const), // as long as its epoch
      ]),
      own,
    );
    if (faults.length > 0) throw new PolytaskError(`The optimizer's slots of tables don't fit: ${faults.join('; ')}.`);
    for (const optimizer of this.#tables) {
      const slots = named.find(({ of }) => of === optimizer);
      const place = (name: string) => own[this.#nameOf(name, optimizer)]!.data as Int32Array;
      const sums = () => new Float64Array(place(HISTORY).slice().buffer);
      optimizer.adopt(
        slots ? (own[slots.name]!.data as Float32Array) : new Float32Array(0),
        optimizer.history && { since: place(SINCE), history: sums() },
      );
    }
    return rest;
  }

  /** The tables whose optimizer has slots, with the name of their array: `adam.m+v.input.table`. */
  #named(): { readonly name: string; readonly of: TableOptimizer }[] {
    return this.#tables
      .filter(({ slotNames }) => slotNames.length > 0)
      .map((of) => ({ name: this.#nameOf(of.slotNames.join('+'), of), of }));
  }

  #nameOf(slot: string, { table }: TableOptimizer): string {
    return slotName(this.#optimizer, slot, table.name);
  }
}
