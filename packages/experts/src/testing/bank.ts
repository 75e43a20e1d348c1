import * as tf from '@tensorflow/tfjs';
import { createBank, ParameterStore, randomStream, type Bank, type Call, type ExpertSpec } from '@polytask/core';

/** A bank by itself, for tests: its parameters, and how to run it on plain numbers. */
export interface TestBank {
  readonly store: ParameterStore;
  readonly bank: Bank;
  /** Rows by member, or one list of rows for all → [member][row][width]. */
  run(inputs: readonly number[][][], options?: { training?: boolean }): number[][][];
  /** A parameter's numbers, as nested lists. */
  read(name: string): unknown;
  write(name: string, values: tf.TensorLike): void;
}

export interface TestBankOptions {
  members?: readonly string[];
  inputDim?: number;
  seed?: number;
}

export function testBank(experts: ExpertSpec | readonly ExpertSpec[], options: TestBankOptions = {}): TestBank {
  const { members = ['a.0', 'a.1', 'b.0'], inputDim = 3, seed = 7 } = options;
  const store = new ParameterStore(seed);
  const bank = createBank(store, { path: 'e', members, experts, inputDim });
  return {
    store,
    bank,
    run: (inputs, { training = false } = {}) =>
      tf.tidy(() => {
        const tensors = inputs.map((rows) => tf.tensor2d(rows));
        return bank.apply(oneOrEach(tensors), callOf(tensors[0]!, training)).arraySync();
      }),
    read: (name) => store.get(name).variable.arraySync(),
    write(name, values) {
      const { variable } = store.get(name);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    },
  };
}

/** What a bank takes: one input for all, or the members' inputs as a stack. */
export const oneOrEach = (inputs: readonly tf.Tensor2D[]): tf.Tensor2D | tf.Tensor3D =>
  inputs.length === 1 ? inputs[0]! : (tf.stack([...inputs]) as tf.Tensor3D);

/** A call that keeps the losses which experts add. */
export function callOf(raw: tf.Tensor2D, training = false, losses: Record<string, tf.Scalar> = {}): Call {
  return { training, raw, addLoss: (name, loss) => void (losses[name] = losses[name] ? tf.add(losses[name], loss) : loss) };
}

/** Rows of normally distributed numbers, the same for the same name. */
export function rows(count: number, width: number, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}
