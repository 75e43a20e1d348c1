import {
  PolytaskError,
  type Batch,
  type EmbeddingTable,
  type NamedTensor,
  type ParameterStore,
  firstNotFinite,
  readVariables,
  requireFinite,
  sliceBatch,
  writeVariables,
} from '@polytask/core';
import { scatterRows, wholeRows } from '@polytask/core/internal';
import type { Changes, Checkpoint, SavedRows } from '../checkpoints/checkpoint.ts';
import { checkFinite, Diverged, diverged, type StepPosition } from '../diverged.ts';
import { eagerEngine } from '../engines/eager-engine.ts';
import type { TrainingStep } from '../engine.ts';
import { averaged } from '../optimizers/optimizer.ts';
import type { Plan } from './options.ts';

/** A moment of a table, to which it can return: the earlier values of the rows that changed since. A later one ends the earlier one. */
export class TableMoment {
  readonly #bits: Uint8Array;
  /** The rows that changed since, with their numbers of the moment, in one or more parts: not a copy. */
  readonly changes: SavedRows[];

  /** @param parts what changed since the moment, as {@link changes} of another run. Their arrays are kept */
  constructor(
    readonly table: EmbeddingTable,
    parts: readonly SavedRows[] = [],
  ) {
    this.#bits = new Uint8Array(Math.ceil(table.rows / 8));
    this.changes = [...parts];
    for (const { ids } of parts) {
      table.checkIds(ids);
      for (const id of ids) this.#isNew(id);
    }
    table.watch((ids) => this.#add(ids));
  }

  restore(): void {
    this.end();
    const { dimension, values: array } = this.table;
    for (const { ids, values } of this.changes)
      scatterRows({ dimension, ids, parts: [wholeRows(array, dimension, values)] });
  }

  end(): void {
    this.table.watch(undefined);
  }

  #add(ids: Int32Array): void {
    const fresh = ids.filter((id) => this.#isNew(id));
    if (fresh.length === 0) return;
    const values = new Float32Array(fresh.length * this.table.dimension);
    this.table.gather(fresh, values);
    this.changes.push({ ids: fresh, values });
  }

  #isNew(id: number): boolean {
    const bit = 1 << (id & 7);
    if (this.#bits[id >> 3]! & bit) return false;
    this.#bits[id >> 3]! |= bit;
    return true;
  }
}

/** The weights of a moment, such as the end of an epoch: copies of the variables, and for tables the rows that later steps change. */
export class KeptWeights {
  readonly #moments: readonly TableMoment[];

  /** @param when the model had these weights, such as `epoch 3` @param changes what changed in the tables since */
  constructor(
    private readonly store: ParameterStore,
    readonly when: string,
    readonly variables: Readonly<Record<string, NamedTensor>>,
    changes: Changes = {},
  ) {
    this.#moments = store.tables().map((table) => new TableMoment(table, changes[table.name]));
  }

  get changes(): Changes {
    return Object.fromEntries(this.#moments.map(({ table, changes }) => [table.name, changes]));
  }

  restore(): void {
    writeVariables(this.store, this.variables, `The weights from ${this.when}`);
    for (const moment of this.#moments) moment.restore();
  }
}

const CHECKED_ROWS = 8;

/** Keeps the weights of the best epoch with early stopping, and those of the newest epoch that ended well, for a run that diverges. */
export class WeightKeeper {
  #checked: KeptWeights['variables'] = {};
  best: KeptWeights | undefined;
  /** Undefined when there is a best epoch, or weights can't be kept. */
  #newest: KeptWeights | undefined;

  constructor(private readonly plan: Plan) {}

  /** Keeps the weights at the start. @param saved the checkpoint that the run resumes */
  async begin(saved: Checkpoint | undefined): Promise<void> {
    const { store } = this.plan.model;
    const variables = await readVariables(store);
    this.#checked = (saved && averaged(this.#optimizer, variables, saved.slots, saved.state.step)) ?? variables;
    requireFinite([...Object.entries(this.#checked), ...this.#tables()], 'the model to train');
    if (saved?.best) {
      const when = `epoch ${saved.state.stopper?.best?.epoch}`;
      this.best = new KeptWeights(store, when, saved.best, saved.changes);
    } else {
      this.#keep(saved ? 'the checkpoint that it resumed' : 'before this training');
    }
  }

  /** Checks parameters, and outputs where nothing is validated: of large finite parameters they may overflow. @throws Diverged */
  async check(rows: Batch | undefined, place: StepPosition, lastGood: string | undefined): Promise<void> {
    const { model } = this.plan;
    this.#checked = await readVariables(model.store);
    checkFinite(Object.entries(this.#checked), place, lastGood);
    if (!rows) return;
    const scorer = await eagerEngine.score(model);
    const logits = await scorer.logits(sliceBatch(rows, 0, Math.min(rows.size, CHECKED_ROWS)));
    const bad = firstNotFinite(Object.entries(logits));
    if (bad)
      diverged(`The output of task "${bad.name}" (${bad.value}) is not finite after the update`, place, lastGood);
  }

  /** Gives the model the averages of its weights, where the optimizer has some. Returns what gives the weights back. */
  async average(step: TrainingStep, steps: number): Promise<() => void> {
    const { store } = this.plan.model;
    if (this.#optimizer.config.ema === undefined) return () => undefined;
    const variables = await readVariables(store);
    const averages = averaged(this.#optimizer, variables, await step.readSlots(), steps);
    writeVariables(store, averages ?? variables, 'The average of the weights');
    return () => writeVariables(store, variables, 'The trained weights');
  }

  keep(epoch: number, isBest: boolean): void {
    if (!isBest) {
      if (!this.best) this.#keep(`epoch ${epoch}`);
      return;
    }
    this.#newest = undefined;
    this.best = new KeptWeights(this.plan.model.store, `epoch ${epoch}`, this.#checked);
  }

  /** Without early stopping, the rows of tables aren't kept: a copy may not fit into memory. */
  #keep(when: string): void {
    const { model, stopping } = this.plan;
    const canKeep = stopping !== undefined || this.#tables().length === 0;
    this.#newest = canKeep ? new KeptWeights(model.store, when, this.#checked) : undefined;
  }

  /** Gives the model the weights of the best epoch, with early stopping, or the averages of the last epoch. @throws Diverged */
  finish(place: StepPosition, lastGood: string | undefined): void {
    const { model, stopping } = this.plan;
    if (stopping?.restoreBest) this.best?.restore();
    else if (this.#optimizer.config.ema !== undefined) writeVariables(model.store, this.#checked, 'The average');
    for (const table of model.store.tables()) table.watch(undefined);
    checkFinite(this.#tables(), place, lastGood);
  }

  /** Gives a model that has diverged its last good weights. Returns the error to throw. */
  recovered(error: unknown): unknown {
    if (!(error instanceof Diverged)) return error;
    const good = this.best ?? this.#newest;
    good?.restore();
    const weights = good
      ? `The model has its weights from ${good.when} again.`
      : 'The model has the weights of the last step, as its tables are kept with early stopping alone: build or load it again.';
    return new PolytaskError(`${error.message} ${weights}`, { cause: error });
  }

  get #optimizer() {
    return this.plan.recipe.optimizer;
  }

  #tables() {
    return this.plan.model.store.tables().map(({ name, values }) => [name, values] as const);
  }
}
