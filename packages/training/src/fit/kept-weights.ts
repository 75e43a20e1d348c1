import { writeVariables, type NamedTensor, type ParameterStore } from '@polytask/core';
import type { Changes } from '../checkpoints/checkpoint.ts';
import { TableMoment } from '../optimizers/tables/table-moment.ts';

/** The weights of a moment, such as the end of an epoch: copies of the variables, and for tables the rows that later steps change. */
export class KeptWeights {
  /** When the model had these weights, such as `epoch 3`. */
  readonly when: string;
  readonly variables: Readonly<Record<string, NamedTensor>>;
  readonly #store: ParameterStore;
  readonly #moments: readonly TableMoment[];

  /** @param changes what changed in the tables since. Default: nothing, the moment is now */
  constructor(
    store: ParameterStore,
    when: string,
    variables: Readonly<Record<string, NamedTensor>>,
    changes: Changes = {},
  ) {
    this.when = when;
    this.variables = variables;
    this.#store = store;
    this.#moments = store.tables().map((table) => new TableMoment(table, changes[table.name]));
  }

  /** What changed in the tables since, for a checkpoint. */
  get changes(): Changes {
    return Object.fromEntries(this.#moments.map(({ table, changes }) => [table.name, changes]));
  }

  /** Gives the model these weights. */
  restore(): void {
    writeVariables(this.#store, this.variables, `The weights from ${this.when}`);
    for (const moment of this.#moments) moment.restore();
  }
}
