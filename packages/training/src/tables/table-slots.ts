import { copyRows, scatterRows, type Table } from '@polytask/core';
import { optimizerRule, type OptimizerSpec } from '../optimizers/optimizer.ts';

/** The slots of a table's optimizer in host memory: a row of numbers for each row of the table, or one number with `perRow`. */
export class TableSlots {
  /** The slots by name, each [rows × width]. */
  readonly arrays: Record<string, Float32Array>;
  /** The shape of each slot. */
  readonly shape: readonly [rows: number, width: number];
  readonly #dimension: number;

  constructor({ rows, dimension }: Table, optimizer: OptimizerSpec) {
    const rule = optimizerRule(optimizer);
    this.#dimension = dimension;
    this.shape = [rows, rule.perRow ? 1 : dimension];
    this.arrays = Object.fromEntries(
      Object.entries(rule.slots(optimizer)).map(([slot, value]) => {
        const array = new Float32Array(rows * this.shape[1]);
        return [slot, value === 0 ? array : array.fill(value)]; // untouched zeros take no memory yet
      }),
    );
  }

  /** Copies the slots of rows. @param into by slot, [ids × dimension] or longer */
  gather(ids: Int32Array, into: Readonly<Record<string, Float32Array>>): void {
    for (const [slot, from] of Object.entries(this.arrays)) {
      if (this.shape[1] === this.#dimension) copyRows(this.#dimension, { from, ids, into: into[slot]! });
      else ids.forEach((id, k) => into[slot]!.fill(from[id]!, k * this.#dimension, (k + 1) * this.#dimension));
    }
  }

  /** Writes the slots of rows back. @param from by slot, [ids × dimension] or longer */
  scatter(ids: Int32Array, from: Readonly<Record<string, Float32Array>>): void {
    for (const [slot, into] of Object.entries(this.arrays)) {
      if (this.shape[1] === this.#dimension) scatterRows(this.#dimension, { from: from[slot]!, ids, into });
      else ids.forEach((id, k) => (into[id] = from[slot]![k * this.#dimension]!));
    }
  }
}
