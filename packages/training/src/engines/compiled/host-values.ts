import type { HostTensor } from '@polytask/compile';
import type { ParameterStore } from '@polytask/core';
import { parameterInput } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs';
import type { FlatState } from '../../optimizers/flat/flat-state.ts';

/** What a run gave for the buffers that its graph writes. */
export type NewValues = readonly { readonly parameter: string; readonly output: string }[];

/**
 * All of a model's numbers as inputs of graphs: the trained parameters, which graphs read in place in the flat state, and
 * the buffers beside them, such as running means. The model's own variables follow when they are asked for.
 */
export class HostValues {
  /** By input; they stand in the flat state. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** By the parameter's name. */
  readonly buffers = new Map<string, HostTensor>();
  readonly #store: ParameterStore;
  readonly #state: FlatState;
  #changed = false;

  constructor(store: ParameterStore, state: FlatState) {
    this.#store = store;
    this.#state = state;
    this.parameters = Object.fromEntries(
      state.places.map(({ name, shape, from, size }): [string, HostTensor] => [
        parameterInput(name),
        { type: 'float32', shape, data: state.parameters.subarray(from, from + size) },
      ]),
    );
  }

  /** Takes the buffers from a run's results. */
  take(results: Readonly<Record<string, HostTensor>>, buffers: NewValues): void {
    for (const { parameter, output } of buffers) this.buffers.set(parameter, results[output]!);
  }

  /** Gives a buffer other numbers. */
  assign(name: string, data: Float32Array): void {
    this.buffers.set(name, { ...this.buffers.get(name)!, data });
  }

  /** The numbers are others than the store's. */
  changed(): void {
    this.#changed = true;
  }

  /** Gives the store what has changed. */
  flush(): void {
    if (!this.#changed) return;
    this.#state.write();
    tf.tidy(() => {
      for (const [name, { data, shape }] of this.buffers) {
        this.#store.get(name).variable.assign(tf.tensor((data as Float32Array).slice(), [...shape], 'float32'));
      }
    });
    this.#changed = false;
  }

  /** Takes what the store has. */
  async read(): Promise<void> {
    await this.#state.read();
    for (const { name, variable, trainable } of this.#store.all()) {
      if (!trainable)
        this.buffers.set(name, {
          type: 'float32',
          shape: variable.shape,
          data: Float32Array.from(await variable.data<'float32'>()),
        });
    }
  }
}
