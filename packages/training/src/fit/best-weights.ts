import { readVariables, writeVariables, type NamedTensor, type ParameterStore } from '@polytask/core';
import type { Changes } from '../checkpoints/checkpoint.ts';
import { TableMoment } from '../tables/table-moment.ts';

/** The weights of the best epoch: copies of the variables, and for tables the rows that later steps change. */
export class BestWeights {
  readonly variables: Readonly<Record<string, NamedTensor>>;
  readonly #store: ParameterStore;
  readonly #moments: readonly TableMoment[];

  /** @param changes what changed in the tables since the best epoch. Default: nothing, the best epoch is the present one */
  constructor(store: ParameterStore, variables: Readonly<Record<string, NamedTensor>>, changes: Changes = {}) {
    this.variables = variables;
    this.#store = store;
    this.#moments = store.tables().map((table) => new TableMoment(table, changes[table.name]));
  }

  /** The present weights of a model. */
  static async of(store: ParameterStore): Promise<BestWeights> {
    return new BestWeights(store, await readVariables(store));
  }

  /** What changed in the tables since, for a checkpoint. */
  get changes(): Changes {
    return Object.fromEntries(this.#moments.map(({ table, changes }) => [table.name, changes]));
  }

  /** Gives the model these weights. */
  restore(): void {
    writeVariables(this.#store, this.variables, 'The best epoch');
    for (const moment of this.#moments) moment.restore();
  }
}
