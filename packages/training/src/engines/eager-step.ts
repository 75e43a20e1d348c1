import {
  lossesOf,
  namedLosses,
  PolytaskError,
  stackLosses,
  type Batch,
  type MultiTaskModel,
  type NamedTensor,
  type Parameter,
  type PlacedBatch,
  type Tasks,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { clipped } from '../optimizers/clip.ts';
import { createOptimizer, slotFaults, slotName, type Optimizer } from '../optimizers/optimizer.ts';
import { tensorMath } from '@polytask/core';
import { placedTensors, rowVariables } from '../optimizers/tables/row-variables.ts';
import type { TableState } from '../optimizers/tables/table-state.ts';
import type { Recipe, StepLosses, TrainingStep } from '../engine.ts';

/** A step whose losses are not read yet. */
interface StartedStep {
  readonly auxiliary: readonly string[];
  /** [tasks + auxiliary + 1] */
  readonly numbers: tf.Tensor1D;
  /** The gradients of the gathered rows of each table, after clipping. */
  readonly gradients: tf.Tensor[];
}

/** Backends that keep numbers in host memory, so that reading a loss needs no waiting. */
const HOST_BACKENDS = ['cpu', 'wasm', 'tensorflow'];

/**
 * Training steps as plain TF.js operations on the current backend. The slots are variables. Tables that are trained by rows are
 * updated in host memory, as in the compiled engine.
 */
export class EagerStep<T extends Tasks> implements TrainingStep {
  readonly name = `eager (${tf.getBackend()})`;
  readonly inFlight: number;
  readonly #model: MultiTaskModel<T>;
  readonly #recipe: Recipe;
  readonly #optimizer: Optimizer;
  readonly #parameters: readonly Parameter[];
  readonly #slots: readonly Readonly<Record<string, tf.Variable>>[];
  readonly #tables: TableState | undefined;
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param tables the tables of the model that are trained by rows */
  constructor(model: MultiTaskModel<T>, recipe: Recipe, tables?: TableState) {
    this.#model = model;
    this.#recipe = recipe;
    this.#optimizer = createOptimizer(recipe.optimizer);
    this.#parameters = model.store.trainable();
    this.#tables = tables;
    this.inFlight = !tables && !HOST_BACKENDS.includes(tf.getBackend()) ? 10 : 1;
    const first = Object.entries(this.#optimizer.slots);
    this.#slots = this.#parameters.map(({ variable }) =>
      Object.fromEntries(first.map(([slot, value]) => [slot, variableOf(() => tf.fill(variable.shape, value))])),
    );
  }

  async run(batch: Batch, learningRate: number, _epoch = 0, tableLearningRate = learningRate): Promise<StepLosses> {
    const tables = this.#tables;
    if (!tables) return this.#losses(this.#step(batch, learningRate, new Map()));
    const step = this.#last.then(() => this.#stepOfTables(tables, batch, [learningRate, tableLearningRate]));
    this.#last = step.catch(() => undefined); // the caller gets the error
    return step;
  }

  async #stepOfTables(
    tables: TableState,
    batch: Batch,
    [learningRate, tableLearningRate]: readonly [ofVariables: number, ofTables: number],
  ): Promise<StepLosses> {
    const placed = tables.gather(batch);
    const rows = tables.rows(batch.size);
    const variables = rowVariables(rows);
    let gradientTensors: tf.Tensor[] = [];
    try {
      const started = this.#step(placed, learningRate, variables);
      gradientTensors = started.gradients;
      const losses = this.#losses(started);
      const gradients = await Promise.all(gradientTensors.map((gradient) => gradient.data<'float32'>()));
      rows.forEach((each, t) => each.gradients.data.set(gradients[t]!));
      tables.update({ step: this.#steps, learningRate: tableLearningRate });
      return await losses;
    } finally {
      tf.dispose([...gradientTensors, ...variables.values()]);
    }
  }

  async #losses({ numbers, auxiliary }: StartedStep): Promise<StepLosses> {
    try {
      return namedLosses(await numbers.data<'float32'>(), this.#model.taskNames, auxiliary);
    } finally {
      numbers.dispose();
    }
  }

  /** The synchronous part of a step. @param tables the gathered rows of the batch, which the step doesn't update */
  #step(batch: PlacedBatch, learningRate: number, tables: ReadonlyMap<string, tf.Variable>): StartedStep {
    const { clip } = this.#recipe;
    const variables = [...this.#parameters.map(({ variable }) => variable), ...tables.values()];
    let auxiliary: string[] = [];
    let ofTables: tf.Tensor[] = [];
    let numbers: tf.Tensor1D | undefined; // [tasks + auxiliary + 1], so that a step needs one read
    try {
      tf.tidy(() => {
        const tensors = placedTensors(this.#model, batch, tables);
        const loss = () => {
          const losses = lossesOf(this.#model, tensors, { training: true });
          auxiliary = Object.keys(losses.auxiliary);
          numbers = tf.keep(stackLosses(losses));
          return losses.total;
        };
        const { grads } = tf.variableGrads(loss, variables);
        const gradients = clipped(
          variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable)),
          clip,
        );
        const at = { step: this.#steps + 1, learningRate };
        const coefficients = Object.entries(this.#optimizer.coefficients(at)).map(([name, value]) => [
          name,
          tf.scalar(value),
        ]);
        this.#update(gradients, Object.fromEntries(coefficients) as Record<string, tf.Scalar>);
        ofTables = gradients.slice(this.#parameters.length).map((gradient) => tf.keep(gradient));
      });
    } catch (error) {
      numbers?.dispose();
      throw error;
    }
    this.#steps++;
    return { auxiliary, numbers: numbers!, gradients: ofTables };
  }

  #update(gradients: readonly tf.Tensor[], coefficients: Readonly<Record<string, tf.Tensor>>): void {
    this.#parameters.forEach(({ variable }, i) => {
      const slots = this.#slots[i]!;
      const next = this.#optimizer.update(
        { parameter: variable, gradient: gradients[i]!, slots },
        coefficients,
        tensorMath,
      );
      variable.assign(next.parameter);
      for (const [slot, value] of Object.entries(next.slots)) slots[slot]!.assign(value);
    });
  }

  async flush(): Promise<void> {
    await this.#last; // the step trains the model's variables and tables themselves
  }

  async settle(): Promise<void> {
    await this.flush();
    this.#tables?.settle();
  }

  async readSlots(): Promise<Record<string, NamedTensor>> {
    await this.#last;
    const entries = this.#named().map(async ([name, slot]): Promise<[string, NamedTensor]> => {
      const data = Float32Array.from(await slot.data<'float32'>());
      return [name, { dtype: 'float32', shape: slot.shape, data }];
    });
    return { ...Object.fromEntries(await Promise.all(entries)), ...this.#tables?.slots() };
  }

  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void {
    const own = this.#named();
    const rest = this.#tables?.restoreSlots(slots) ?? slots;
    const faults = slotFaults(new Map(own.map(([name, { shape }]) => [name, shape])), rest);
    if (faults.length > 0) {
      throw new PolytaskError(
        `The slots don't fit the optimizer: ${faults.join('; ')}. Resume with the optimizer of that run.`,
      );
    }
    tf.tidy(() =>
      own.forEach(([name, variable]) => variable.assign(tf.tensor(rest[name]!.data, variable.shape, 'float32'))),
    );
    this.#steps = steps;
  }

  async close(): Promise<void> {
    await this.settle();
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
