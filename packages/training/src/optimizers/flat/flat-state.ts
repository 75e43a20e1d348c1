import { PolytaskError, type NamedTensor, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { slotFaults, slotName, type OptimizerSpec } from '../optimizer.ts';
import { FlatOptimizer } from './flat-optimizer.ts';

/** The position of a parameter in the flat buffers. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** The trained parameters of a model, their gradients and the slots of the optimizer, as flat host buffers. */
export class FlatState {
  readonly places: readonly ParameterPlace[];
  readonly parameters: Float32Array;
  /** The gradients that {@link update} consumes, in the order of the parameters. */
  readonly gradients: Float32Array;
  readonly #store: ParameterStore;
  readonly #spec: OptimizerSpec;
  readonly #optimizer: FlatOptimizer;

  constructor(model: { readonly store: ParameterStore }, optimizer: OptimizerSpec) {
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
  }

  /**
   * Updates the parameters and slots in place.
   *
   * @param at the 1-based index of the step, and its learning rate
   */
  update(at: { step: number; learningRate: number }): void {
    this.#optimizer.update(at);
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

  /** Copies of the slots, by name. */
  slots(): Record<string, NamedTensor> {
    return Object.fromEntries(
      this.#named().map(({ key, shape, from, size, values }) => [
        key,
        { dtype: 'float32', shape, data: values.slice(from, from + size) },
      ]),
    );
  }

  /** @throws PolytaskError that lists missing, extra and misshapen slots */
  restoreSlots(slots: Readonly<Record<string, NamedTensor>>): void {
    const own = this.#named();
    const faults = slotFaults(new Map(own.map(({ key, shape }) => [key, shape])), slots);
    if (faults.length > 0) throw new PolytaskError(`The optimizer's slots don't fit: ${faults.join('; ')}.`);
    for (const { key, from, values } of own) values.set(slots[key]!.data, from);
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
