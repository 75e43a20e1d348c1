import { PolytaskError, type NamedTensor, type ParameterStore } from '@polytask/core';
import type { TableReader } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import { TableState } from '../tables/table-state.ts';
import { slotFaults, slotName, type OptimizerSpec } from '../optimizer.ts';
import { FlatOptimizer } from './flat-optimizer.ts';

/** The position of a parameter in the flat buffers. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** The place of an update: the 1-based index of the step, and its learning rates. */
export interface UpdatePlace {
  readonly step: number;
  readonly learningRate: number;
  /** The learning rate of tables that are trained by rows. */
  readonly tableLearningRate: number;
}

/** The optimizers of a model. Without `tableOptimizer`, tables that are trained by rows have the same one as the rest. */
export interface Optimizers {
  readonly optimizer: OptimizerSpec;
  readonly tableOptimizer?: OptimizerSpec | undefined;
}

/**
 * The trained parameters of a model, their gradients and the slots of the optimizer, as flat host buffers. Tables that are
 * trained by rows are not among the parameters: {@link tables} holds them.
 */
export class FlatState {
  readonly places: readonly ParameterPlace[];
  readonly parameters: Float32Array;
  /** The gradients that {@link update} consumes, in the order of the parameters. */
  readonly gradients: Float32Array;
  readonly tables: TableState;
  readonly #store: ParameterStore;
  readonly #spec: OptimizerSpec;
  readonly #optimizer: FlatOptimizer;

  constructor(model: TableReader, { optimizer, tableOptimizer = optimizer }: Optimizers) {
    this.#store = model.store;
    this.#spec = optimizer;
    let from = 0;
    this.places = model.store.trainable().map(({ name, variable }) => {
      const place = { name, shape: variable.shape, from, size: variable.size };
      from += variable.size;
      return place;
    });
    this.#optimizer = new FlatOptimizer(optimizer, from);
    this.parameters = this.#optimizer.parameters;
    this.gradients = this.#optimizer.gradients;
    this.tables = new TableState(model, tableOptimizer);
  }

  /** Updates the parameters and slots in place, and the rows of the last gathered batch. */
  update({ step, learningRate, tableLearningRate }: UpdatePlace): void {
    this.#optimizer.update({ step, learningRate });
    this.tables.update({ step, learningRate: tableLearningRate });
  }

  /** Sets the gradients of the parameters and of the gathered rows for this batch size, which follow one another. */
  setGradients(all: Float32Array, batchSize: number): void {
    let from = this.gradients.length;
    this.gradients.set(all.subarray(0, from));
    for (const { optimizer } of this.tables.rows(batchSize)) {
      optimizer.gradients.set(all.subarray(from, from + optimizer.gradients.length));
      from += optimizer.gradients.length;
    }
  }

  /** Copies the parameters from the store. */
  async read(): Promise<void> {
    for (const { name, from } of this.places)
      this.parameters.set(await this.#store.get(name).variable.data<'float32'>(), from);
  }

  /** Copies the parameters to the store. */
  write(): void {
    tf.tidy(() => {
      for (const { name, shape, from, size } of this.places) {
        const values = this.parameters.slice(from, from + size);
        this.#store.get(name).variable.assign(tf.tensor(values, [...shape], 'float32'));
      }
    });
  }

  /** The slots by name: copies, but for those of tables. */
  slots(): Record<string, NamedTensor> {
    const own = this.#named().map(({ key, shape, from, size, values }): [string, NamedTensor] => [
      key,
      { dtype: 'float32', shape, data: values.slice(from, from + size) },
    ]);
    return { ...Object.fromEntries(own), ...this.tables.slots() };
  }

  /** @throws PolytaskError that lists missing, extra and misshapen slots */
  restoreSlots(slots: Readonly<Record<string, NamedTensor>>): void {
    const own = this.#named();
    const rest = this.tables.restoreSlots(slots);
    const faults = slotFaults(new Map(own.map(({ key, shape }) => [key, shape])), rest);
    if (faults.length > 0) throw new PolytaskError(`The optimizer's slots don't fit: ${faults.join('; ')}.`);
    for (const { key, from, values } of own) values.set(rest[key]!.data, from);
  }

  #named(): (ParameterPlace & { readonly key: string; readonly values: Float32Array })[] {
    return this.places.flatMap((place) =>
      Object.entries(this.#optimizer.slots).map(([slot, values]) => ({
        ...place,
        key: slotName(this.#spec, slot, place.name),
        values,
      })),
    );
  }
}
