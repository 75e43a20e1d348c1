import { PolytaskError, type MultiTaskModel, type NamedTensor, type ParameterStore, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { optimizerRule, slotName, type OptimizerRule, type OptimizerSpec } from '../optimizers/optimizer.ts';

/** Where a parameter stands in the flat buffers. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** A model's trained parameters and the optimiser's slots as flat host buffers, end to end. */
export class FlatState {
  readonly places: readonly ParameterPlace[];
  readonly parameters: Float32Array;
  readonly #slots: Readonly<Record<string, Float32Array>>;
  readonly #store: ParameterStore;
  readonly #optimizer: OptimizerSpec;
  readonly #rule: OptimizerRule<OptimizerSpec>;

  constructor(model: MultiTaskModel<Tasks>, optimizer: OptimizerSpec) {
    this.#store = model.store;
    this.#optimizer = optimizer;
    this.#rule = optimizerRule(optimizer);
    let from = 0;
    this.places = model.store.trainable().map(({ name, variable }) => {
      const place = { name, shape: variable.shape, from, size: variable.size };
      from += variable.size;
      return place;
    });
    this.parameters = new Float32Array(from);
    const first = Object.entries(this.#rule.slots(optimizer));
    this.#slots = Object.fromEntries(first.map(([slot, value]) => [slot, new Float32Array(from).fill(value)]));
  }

  /** One update in place. @param at the step, 1 at the first */
  sweep(gradients: Float32Array, at: { step: number; learningRate: number }): void {
    const coefficients = this.#rule.coefficients(this.#optimizer, at);
    this.#rule.sweep({ parameters: this.parameters, gradients, slots: this.#slots }, coefficients, this.#optimizer);
  }

  /** Takes the parameters that the store has. */
  async read(): Promise<void> {
    for (const { name, from } of this.places) this.parameters.set(await this.#store.get(name).variable.data<'float32'>(), from);
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
      this.#named().map(({ key, shape, from, size, values }) => [key, { dtype: 'float32', shape, data: values.slice(from, from + size) }]),
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
    wrong.push(...Object.keys(slots).filter((key) => !known.has(key)).map((key) => `unknown "${key}"`));
    if (wrong.length > 0) throw new PolytaskError(`The optimiser's slots don't fit: ${wrong.join('; ')}.`);
    for (const { key, from, values } of own) values.set(slots[key]!.data, from);
  }

  #named(): (ParameterPlace & { readonly key: string; readonly values: Float32Array })[] {
    return this.places.flatMap((place) =>
      Object.entries(this.#slots).map(([slot, values]) => ({ ...place, key: slotName(this.#optimizer, slot, place.name), values })),
    );
  }
}
