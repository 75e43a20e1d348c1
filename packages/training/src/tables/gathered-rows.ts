import type { HostTensor } from '@polytask/compile';
import type { Table } from '@polytask/core';
import { FlatOptimizer } from '../optimizers/flat/flat-optimizer.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import type { TableSlots } from './table-slots.ts';

/**
 * The rows of one table that a batch reads: parameters, gradients and slots, one after the other for the optimizer. Graphs read
 * the parameters and write the gradients in place. The rows after the distinct ids are padding.
 */
export class GatheredRows {
  readonly table: Table;
  /** [capacity, dimension] */
  readonly parameters: HostTensor & { readonly data: Float32Array };
  /** [capacity, dimension] */
  readonly gradients: HostTensor & { readonly data: Float32Array };
  readonly #slots: TableSlots;
  readonly #optimizer: FlatOptimizer;
  #ids: Int32Array = new Int32Array(0);

  /** @param capacity the most distinct ids of a batch */
  constructor(table: Table, slots: TableSlots, optimizer: OptimizerSpec, capacity: number) {
    const { dimension } = table;
    const tensor = (data: Float32Array) => ({ type: 'float32', shape: [capacity, dimension], data }) as const;
    this.table = table;
    this.#slots = slots;
    this.#optimizer = new FlatOptimizer(optimizer, capacity * dimension, dimension);
    this.parameters = tensor(this.#optimizer.parameters);
    this.gradients = tensor(this.#optimizer.gradients);
  }

  /** Copies rows and their slots out of the table. @param ids each id once */
  gather(ids: Int32Array): void {
    this.#ids = ids;
    this.table.gather(ids, this.parameters.data);
    this.#slots.gather(ids, this.#optimizer.slots);
  }

  /** Updates the gathered rows by the gradients, and writes them back with their slots. */
  update(at: { readonly step: number; readonly learningRate: number }): void {
    this.#optimizer.update(at, this.#ids.length * this.table.dimension);
    this.table.scatter(this.#ids, this.parameters.data);
    this.#slots.scatter(this.#ids, this.#optimizer.slots);
  }
}
