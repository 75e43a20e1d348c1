import {
  namedLosses,
  PolytaskError,
  stackLosses,
  type Batch,
  type MultiTaskModel,
  type NamedTensor,
  type Parameter,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { clipped } from '../optimizers/clip.ts';
import {
  optimizerRule,
  slotFaults,
  slotName,
  type OptimizerRule,
  type OptimizerSpec,
} from '../optimizers/optimizer.ts';
import { tensorArithmetic } from '../optimizers/arithmetic.ts';
import type { Recipe, StepLosses, TrainingStep } from '../engine.ts';

/** Backends that keep numbers in host memory, so that reading a loss needs no waiting. */
const HOST_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

/** Training steps as plain TF.js operations on the current backend. The slots are variables. */
export class EagerStep<T extends Tasks> implements TrainingStep {
  readonly name = `eager (${tf.getBackend()})`;
  readonly inFlight = HOST_BACKENDS.includes(tf.getBackend()) ? 1 : 10;
  readonly #model: MultiTaskModel<T>;
  readonly #recipe: Recipe;
  readonly #rule: OptimizerRule<OptimizerSpec>;
  readonly #parameters: readonly Parameter[];
  readonly #slots: readonly Readonly<Record<string, tf.Variable>>[];
  #steps = 0;

  constructor(model: MultiTaskModel<T>, recipe: Recipe) {
    this.#model = model;
    this.#recipe = recipe;
    this.#rule = optimizerRule(recipe.optimizer);
    this.#parameters = model.store.trainable();
    const first = Object.entries(this.#rule.slots(recipe.optimizer));
    this.#slots = this.#parameters.map(({ variable }) =>
      Object.fromEntries(first.map(([slot, value]) => [slot, variableOf(() => tf.fill(variable.shape, value))])),
    );
  }

  async run(batch: Batch, learningRate: number): Promise<StepLosses> {
    const { auxiliary, numbers } = this.#step(batch, learningRate);
    try {
      return namedLosses(await numbers.data<'float32'>(), this.#model.taskNames, auxiliary);
    } finally {
      numbers.dispose();
    }
  }

  /** The synchronous part of a step. */
  #step(batch: Batch, learningRate: number): { auxiliary: string[]; numbers: tf.Tensor1D } {
    const { optimizer, clip } = this.#recipe;
    let auxiliary: string[] = [];
    let numbers: tf.Tensor1D | undefined; // [tasks + auxiliary + 1], so that a step needs one read
    try {
      tf.tidy(() => {
        const tensors = this.#model.toTensors(batch);
        const loss = () => {
          const losses = this.#model.losses(tensors, { training: true });
          auxiliary = Object.keys(losses.auxiliary);
          numbers = tf.keep(stackLosses(losses));
          return losses.total;
        };
        const { grads } = tf.variableGrads(
          loss,
          this.#parameters.map(({ variable }) => variable),
        );
        const gradients = this.#parameters.map(({ variable }) => grads[variable.name] ?? tf.zerosLike(variable));
        const at = { step: this.#steps + 1, learningRate };
        const coefficients = Object.entries(this.#rule.coefficients(optimizer, at)).map(([name, value]) => [
          name,
          tf.scalar(value),
        ]);
        this.#update(clipped(gradients, clip), Object.fromEntries(coefficients) as Record<string, tf.Scalar>);
      });
    } catch (error) {
      numbers?.dispose();
      throw error;
    }
    this.#steps++;
    return { auxiliary, numbers: numbers! };
  }

  #update(gradients: readonly tf.Tensor[], coefficients: Readonly<Record<string, tf.Tensor>>): void {
    this.#parameters.forEach(({ variable }, i) => {
      const slots = this.#slots[i]!;
      const next = this.#rule.update(
        { parameter: variable, gradient: gradients[i]!, slots },
        coefficients,
        tensorArithmetic,
        this.#recipe.optimizer,
      );
      variable.assign(next.parameter);
      for (const [slot, value] of Object.entries(next.slots)) slots[slot]!.assign(value);
    });
  }

  async flush(): Promise<void> {} // the step trains the model's variables themselves

  async readSlots(): Promise<Record<string, NamedTensor>> {
    const entries = this.#named().map(async ([name, slot]): Promise<[string, NamedTensor]> => {
      const data = Float32Array.from(await slot.data<'float32'>());
      return [name, { dtype: 'float32', shape: slot.shape, data }];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void {
    const own = this.#named();
    const faults = slotFaults(new Map(own.map(([name, { shape }]) => [name, shape])), slots);
    if (faults.length > 0) {
      throw new PolytaskError(
        `The slots don't fit the optimizer: ${faults.join('; ')}. Resume with the optimizer of that run.`,
      );
    }
    tf.tidy(() =>
      own.forEach(([name, variable]) => variable.assign(tf.tensor(slots[name]!.data, variable.shape, 'float32'))),
    );
    this.#steps = steps;
  }

  async close(): Promise<void> {
    for (const [, slot] of this.#named()) slot.dispose();
  }

  #named(): [string, tf.Variable][] {
    return this.#parameters.flatMap(({ name }, i) =>
      Object.entries(this.#slots[i]!).map(([slot, variable]): [string, tf.Variable] => [
        slotName(this.#recipe.optimizer, slot, name),
        variable,
      ]),
    );
  }
}

const variableOf = (start: () => tf.Tensor): tf.Variable => tf.tidy(() => tf.variable(start(), false));
