import { createBank, ParameterStore, type Bank, type Call, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { writeParameter } from './inputs.ts';

/** A bank of experts by itself, in plain numbers. Its parameters are called `e.…`. */
export interface TinyBank {
  readonly store: ParameterStore;
  readonly bank: Bank;
  /** Rows by member, or one list of rows for all → [member][row][width]. */
  run(inputs: readonly number[][][], options?: { training?: boolean }): number[][][];
  /** A parameter's numbers, as nested lists. */
  read(name: string): unknown;
  write(name: string, values: tf.TensorLike): void;
}

export interface TinyBankOptions {
  /** Default: `a.0`, `a.1`, `b.0`. */
  members?: readonly string[];
  /** Default 3. */
  inputDim?: number;
  /** Default 7. */
  seed?: number;
}

/**
 * A bank of an expert, or of an expert a member, to compare with numbers worked out by hand.
 *
 * @example
 * const bank = tinyBank(glu({ units: 1 }), { members: ['a.0'], inputDim: 1 });
 * bank.write('e.value.kernel', [3]);
 * bank.run([[[5]]]); // [[[15 σ(gate)]]]
 */
export function tinyBank(experts: ExpertSpec | readonly ExpertSpec[], options: TinyBankOptions = {}): TinyBank {
  const { members = ['a.0', 'a.1', 'b.0'], inputDim = 3, seed = 7 } = options;
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts, inputDim });
  return {
    store,
    bank,
    run: (inputs, { training = false } = {}) =>
      tf.tidy(() => {
        const tensors = inputs.map((rows) => tf.tensor2d(rows));
        return bank.apply(oneOrEach(tensors), tinyCall(tensors[0]!, training)).arraySync();
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write: (name, values) => writeParameter(store, name, values),
  };
}

/** What a bank takes: one input for all, or the members' inputs as a stack. */
export const oneOrEach = (inputs: readonly tf.Tensor2D[]): tf.Tensor2D | tf.Tensor3D =>
  inputs.length === 1 ? inputs[0]! : (tf.stack([...inputs]) as tf.Tensor3D);

/** A call on a network's input that keeps the losses which components add, in `losses`. */
export const tinyCall = (raw: tf.Tensor2D, training = false, losses: Record<string, tf.Scalar> = {}): Call => ({
  training,
  raw,
  addLoss: (name, loss) => void (losses[name] = losses[name] ? tf.add(losses[name], loss) : loss),
});
