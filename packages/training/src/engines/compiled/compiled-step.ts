import type { HostTensor, Runtime } from '@polytask/compile';
import { PolytaskError, type Batch, type MultiTaskModel, type NamedTensor, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { optimizerRule, slotName, type OptimizerRule, type OptimizerSpec } from '../../optimizers/optimizer.ts';
import type { Recipe, StepLosses, TrainingStep } from '../engine.ts';
import { batchFeeds } from './batch-inputs.ts';
import { GRADIENTS, loadStep, LOSSES, parameterInput, type StepGraph } from './step-graph.ts';

/** Where a parameter stands in the flat buffers. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/**
 * Training steps as one ONNX graph a batch size. Parameters and slots are flat host buffers, end to end; the graph reads
 * the parameters in place and gives one flat gradient, and the optimiser updates all of them in one pass.
 */
export class CompiledStep<T extends Tasks> implements TrainingStep {
  readonly name: string;
  readonly inFlight = 1;
  readonly #model: MultiTaskModel<T>;
  readonly #recipe: Recipe;
  readonly #runtime: Runtime;
  readonly #rule: OptimizerRule<OptimizerSpec>;
  readonly #places: readonly Place[];
  readonly #parameters: Float32Array;
  readonly #slots: Readonly<Record<string, Float32Array>>;
  readonly #buffers = new Map<string, HostTensor>();
  readonly #feeds: Record<string, HostTensor> = {};
  readonly #graphs = new Map<number, Promise<StepGraph>>();
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();
  #changed = false;

  constructor(model: MultiTaskModel<T>, recipe: Recipe, runtime: Runtime) {
    this.name = `compiled (${runtime.name})`;
    this.#model = model;
    this.#recipe = recipe;
    this.#runtime = runtime;
    this.#rule = optimizerRule(recipe.optimizer);
    let from = 0;
    this.#places = model.store.trainable().map(({ name, variable }) => {
      const place = { name, shape: variable.shape, from, size: variable.size };
      from += variable.size;
      return place;
    });
    this.#parameters = new Float32Array(from);
    this.#slots = Object.fromEntries(
      Object.entries(this.#rule.slots(recipe.optimizer)).map(([slot, value]) => [slot, new Float32Array(from).fill(value)]),
    );
    this.#readStore();
  }

  run(batch: Batch, learningRate: number): Promise<StepLosses> {
    const step = this.#last.then(() => this.#step(batch, learningRate));
    this.#last = step.catch(() => undefined); // the caller has the error
    return step;
  }

  async #step(batch: Batch, learningRate: number): Promise<StepLosses> {
    const graph = await this.#graph(batch.size);
    const given = { ...batchFeeds(this.#model, batch), ...this.#feeds };
    for (const [name, value] of this.#buffers) given[parameterInput(name)] = value;
    for (const { name, draw } of graph.draws) given[name] = { type: 'float32', shape: draw.shape, data: draw.sample() };
    const feeds = Object.fromEntries(Object.entries(given).filter(([name]) => graph.inputs.has(name)));
    const results = await graph.session.run(feeds);

    for (const { parameter, output } of graph.buffers) this.#buffers.set(parameter, results[output]!);
    const at = { step: this.#steps + 1, learningRate };
    const coefficients = this.#rule.coefficients(this.#recipe.optimizer, at);
    const gradients = results[GRADIENTS]!.data as Float32Array;
    this.#rule.sweep({ parameters: this.#parameters, gradients, slots: this.#slots }, coefficients, this.#recipe.optimizer);
    this.#steps++;
    this.#changed = true;
    return unpack(results[LOSSES]!.data as Float32Array, this.#model.taskNames, graph.auxiliary);
  }

  #graph(batchSize: number): Promise<StepGraph> {
    let graph = this.#graphs.get(batchSize);
    if (!graph) this.#graphs.set(batchSize, (graph = loadStep(this.#model, this.#recipe, batchSize, this.#runtime)));
    return graph;
  }

  async flush(): Promise<void> {
    await this.#last;
    if (!this.#changed) return;
    tf.tidy(() => {
      for (const { name, shape, from, size } of this.#places) {
        const values = this.#parameters.slice(from, from + size);
        this.#model.store.get(name).variable.assign(tf.tensor(values, [...shape], 'float32'));
      }
      for (const [name, { data, shape }] of this.#buffers) {
        this.#model.store.get(name).variable.assign(tf.tensor((data as Float32Array).slice(), [...shape], 'float32'));
      }
    });
    this.#changed = false;
  }

  async readSlots(): Promise<Record<string, NamedTensor>> {
    await this.#last;
    const entries = this.#places.flatMap(({ name, shape, from, size }) =>
      Object.entries(this.#slots).map(([slot, values]): [string, NamedTensor] => [
        slotName(this.#recipe.optimizer, slot, name),
        { dtype: 'float32', shape, data: values.slice(from, from + size) },
      ]),
    );
    return Object.fromEntries(entries);
  }

  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void {
    const own = this.#places.flatMap((place) =>
      Object.keys(this.#slots).map((slot) => ({ ...place, slot, key: slotName(this.#recipe.optimizer, slot, place.name) })),
    );
    const wrong = own.flatMap(({ key, shape }) => {
      const tensor = Object.hasOwn(slots, key) ? slots[key] : undefined;
      if (!tensor) return `missing "${key}" [${shape}]`;
      return tensor.shape.join() === shape.join() ? [] : `"${key}" is [${tensor.shape}], not [${shape}]`;
    });
    const known = new Set(own.map(({ key }) => key));
    wrong.push(...Object.keys(slots).filter((key) => !known.has(key)).map((key) => `unknown "${key}"`));
    if (wrong.length > 0) throw new PolytaskError(`The optimiser's slots don't fit: ${wrong.join('; ')}.`);
    for (const { key, slot, from } of own) this.#slots[slot]!.set(slots[key]!.data, from);
    this.#steps = steps;
    this.#readStore();
  }

  async close(): Promise<void> {
    await this.flush();
    for (const graph of this.#graphs.values()) await (await graph.catch(() => undefined))?.session.release();
    this.#graphs.clear();
  }

  /** Takes the parameters and buffers that the model's store has; the feeds are views of the flat buffer. */
  #readStore(): void {
    for (const { name, shape, from, size } of this.#places) {
      this.#parameters.set(this.#model.store.get(name).variable.dataSync(), from);
      this.#feeds[parameterInput(name)] = { type: 'float32', shape, data: this.#parameters.subarray(from, from + size) };
    }
    for (const { name, variable, trainable } of this.#model.store.all()) {
      if (trainable) continue;
      this.#buffers.set(name, { type: 'float32', shape: variable.shape, data: Float32Array.from(variable.dataSync()) });
    }
  }
}

function unpack(numbers: Float32Array, tasks: readonly string[], auxiliary: readonly string[]): StepLosses {
  const named = (names: readonly string[], from: number) => Object.fromEntries(names.map((name, i) => [name, numbers[from + i]!]));
  return { tasks: named(tasks, 0), auxiliary: named(auxiliary, tasks.length), total: numbers[numbers.length - 1]! };
}
