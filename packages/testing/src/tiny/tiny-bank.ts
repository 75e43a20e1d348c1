import {
  listOf,
  optional,
  readOptions,
  text,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { createBank, ParameterStore, type Bank, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { tinyCall } from './tiny-level.ts';
import { write } from './tiny-model.ts';

/** A bank of experts outside of a network, with plain numbers in and out. Its parameters are named `e.…`. */
export interface TinyBank {
  readonly store: ParameterStore;
  readonly bank: Bank;
  /**
   * Runs the bank on rows for each member, or on one list of rows for all. `raw` is the network's input; default: the first rows.
   * Returns [member][row][width].
   */
  run(inputs: readonly number[][][], options?: { training?: boolean; raw?: number[][] }): number[][][];
  /** A parameter as nested lists. */
  read(name: string): unknown;
  /** Writes values, nested or flat, into a parameter. */
  write(name: string, values: tf.TensorLike): void;
}

const description = {
  members: optional(listOf(text), ['a.0', 'a.1', 'b.0']),
  inputDim: optional(wholeNumber(1), 3),
  seed: optional(wholeNumber(), 7),
};

export interface TinyBankOptions extends Written<typeof description>, FromDescription {}

/**
 * A bank outside of a network, to compare with numbers computed by hand.
 *
 * @param experts one expert for all members, or one for each member
 * @example
 * const bank = tinyBank(glu({ units: 1 }), { members: ['a.0'], inputDim: 1 });
 * bank.write('e.value.kernel', [3]);
 * bank.run([[[5]]]); // [[[15 σ(gate)]]]
 */
export function tinyBank(experts: ExpertSpec | readonly ExpertSpec[], options: TinyBankOptions = {}): TinyBank {
  const { members, inputDim, seed } = readOptions(options, description, 'tinyBank');
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts, inputDim });
  return {
    store,
    bank,
    run: (inputs, { training = false, raw } = {}) =>
      tf.tidy(() => {
        const tensors = inputs.map((rows) => tf.tensor2d(rows));
        const input = tensors.length === 1 ? tensors[0]! : (tf.stack(tensors) as tf.Tensor3D);
        return bank.apply(input, tinyCall(raw ? tf.tensor2d(raw) : tensors[0]!, training)).arraySync();
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => write({ store }, name, values),
  };
}
