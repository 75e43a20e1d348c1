import type { HostTensor } from '@polytask/compile';
import type { ParameterStore } from '@polytask/core';
import { parameterInput, type ModelGraph } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import type { FlatState } from '../../optimizers/flat/flat-state.ts';

/**
 * The parameters and buffers of a model as inputs of graphs. Graphs read the trained parameters in place, in the flat state.
 * Buffers, such as running means, are separate arrays. `flush` copies all numbers to the variables of the model.
 */
export class HostValues {
  /** The trained parameters by input name. Their arrays are parts of the flat state. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** The buffers by name. */
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

  /** Stores the new buffers from the results of a run. */
  take(results: Readonly<Record<string, HostTensor>>, buffers: ModelGraph['buffers']): void {
    for (const { parameter, output } of buffers) this.buffers.set(parameter, results[output]!);
  }

  /** Sets the numbers of a buffer. */
  assign(name: string, data: Float32Array): void {
    this.buffers.set(name, { ...this.buffers.get(name)!, data });
  }

  /** Notes that the numbers differ from the numbers in the store. */
  changed(): void {
    this.#changed = true;
  }

  /** Copies changed numbers to the store. */
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

  /** Copies the numbers of the store. */
  async read(): Promise<void> {
    await this.#state.read();
    for (const { name, variable, trainable } of this.#store.all()) {
      if (trainable) continue;
      const data = Float32Array.from(await variable.data<'float32'>());
      this.buffers.set(name, { type: 'float32', shape: variable.shape, data });
    }
  }
}
