import { PolytaskError, type NamedTensor, type ParameterStore } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { slotName, type OptimizerSpec } from '../optimizer.ts';
import { FlatOptimizer } from './flat-optimizer.ts';

/** Where a parameter stands in the flat buffers. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** A model's trained parameters, their gradients and the optimizer's slots as flat host buffers, end to end. */
export class FlatState {
  readonly places: readonly ParameterPlace[];
  readonly parameters: Float32Array;
  /** What {@link update} goes by. */
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

  /** One update in place, by the gradients. @param at the step, 1 at the first */
  update(at: { step: number; learningRate: number }): void {
    this.#optimizer.update(at);
  }

  /** Takes the parameters that the store has. */
  async read(): Promise<void> {
    for (const { name, from } of this.places)
      this.parameters.set(await this.#store.get(name).variable.data<'float32'>(), from);
  }

  /** Gives the store the parameters. */
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
    const wrong = own.flatMap(({ key, shape }) => {
      const tensor = Object.hasOwn(slots, key) ? slots[key] : undefined;
      if (!tensor) return `missing "${key}" [${shape}]`;
      return tensor.shape.join() === shape.join() ? [] : `"${key}" is [${tensor.shape}], not [${shape}]`;
    });
    const known = new Set(own.map(({ key }) => key));
    wrong.push(
      ...Object.keys(slots)
        .filter((key) => !known.has(key))
        .map((key) => `unknown "${key}"`),
    );
    if (wrong.length > 0) throw new PolytaskError(`The optimizer's slots don't fit: ${wrong.join('; ')}.`);
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
