import type { HostTensor, Runtime } from '@polytask/compile';
import { PolytaskError, type Batch, type MultiTaskModel, type NamedTensor, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { FlatOptimizer } from '../../optimizers/flat/flat-optimizer.ts';
import { slotName } from '../../optimizers/optimizer.ts';
import type { Recipe, StepLosses, TrainingStep } from '../engine.ts';
import { batchInputs, type BatchInput } from './batch-inputs.ts';
import { GRADIENTS, loadStep, LOSSES, parameterInput, type StepGraph } from './step-graph.ts';

/** Where a parameter stands in the flat buffers. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly size: number;
}

/** A graph, and the feeds of its runs: the parameters' stand in it, the others' are put into it at each step. */
interface Program {
  readonly graph: StepGraph;
  readonly batch: readonly BatchInput[];
  readonly buffers: readonly string[];
  readonly feeds: Record<string, HostTensor>;
}

/**
 * Training steps as one ONNX graph a batch size. Parameters, gradients and slots are flat host buffers, end to end; the
 * graph reads the parameters and writes the gradients in place, and the optimiser updates all of them in one pass.
 */
export class CompiledStep<T extends Tasks> implements TrainingStep {
  readonly name: string;
  readonly inFlight = 1;
  readonly #model: MultiTaskModel<T>;
  readonly #recipe: Recipe;
  readonly #runtime: Runtime;
  readonly #places: readonly Place[];
  readonly #optimizer: FlatOptimizer;
  readonly #gradients: HostTensor;
  readonly #parameters: Readonly<Record<string, HostTensor>>;
  readonly #buffers = new Map<string, HostTensor>();
  readonly #programs = new Map<number, Promise<Program>>();
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();
  #changed = false;

  constructor(model: MultiTaskModel<T>, recipe: Recipe, runtime: Runtime) {
    this.name = `compiled (${runtime.name})`;
    this.#model = model;
    this.#recipe = recipe;
    this.#runtime = runtime;
    let size = 0;
    this.#places = model.store.trainable().map(({ name, variable }) => {
      const place = { name, shape: variable.shape, from: size, size: variable.size };
      size += variable.size;
      return place;
    });
    this.#optimizer = new FlatOptimizer(recipe.optimizer, size);
    this.#gradients = { type: 'float32', shape: [size], data: this.#optimizer.gradients };
    this.#parameters = Object.fromEntries(
      this.#places.map(({ name, shape, from, size }) => [
        parameterInput(name),
        { type: 'float32', shape, data: this.#optimizer.parameters.subarray(from, from + size) },
      ]),
    );
    this.#readStore();
  }

  run(batch: Batch, learningRate: number): Promise<StepLosses> {
    const step = this.#last.then(() => this.#step(batch, learningRate));
    this.#last = step.catch(() => undefined); // the caller has the error
    return step;
  }

  async #step(batch: Batch, learningRate: number): Promise<StepLosses> {
    const { graph, feeds, ...program } = await this.#program(batch.size);
    const feed = (name: string, tensor: HostTensor) => (feeds[name] = { ...tensor, shape: graph.inputs.get(name)! });
    for (const { name, read } of program.batch) feed(name, read(batch));
    for (const name of program.buffers) feed(parameterInput(name), this.#buffers.get(name)!);
    for (const { name, draw } of graph.draws) feed(name, { type: 'float32', shape: draw.shape, data: draw.sample() });
    const results = await graph.session.run(feeds, { into: { [GRADIENTS]: this.#gradients } });
    const gradients = results[GRADIENTS]!;
    if (gradients !== this.#gradients) this.#optimizer.gradients.set(gradients.data); // a runtime that can't put them there

    for (const { parameter, output } of graph.buffers) this.#buffers.set(parameter, results[output]!);
    this.#optimizer.update({ step: this.#steps + 1, learningRate });
    this.#steps++;
    this.#changed = true;
    return unpack(results[LOSSES]!.data as Float32Array, this.#model.taskNames, graph.auxiliary);
  }

  #program(batchSize: number): Promise<Program> {
    let program = this.#programs.get(batchSize);
    if (!program) this.#programs.set(batchSize, (program = this.#load(batchSize)));
    return program;
  }

  async #load(batchSize: number): Promise<Program> {
    const graph = await loadStep(this.#model, this.#recipe, batchSize, this.#runtime);
    const isRead = (input: string) => graph.inputs.has(input);
    return {
      graph: { ...graph, draws: graph.draws.filter(({ name }) => isRead(name)) },
      batch: batchInputs(this.#model, batchSize).filter(({ name }) => isRead(name)),
      buffers: [...this.#buffers.keys()].filter((name) => isRead(parameterInput(name))),
      feeds: Object.fromEntries(
        Object.entries(this.#parameters).flatMap(([name, tensor]) =>
          isRead(name) ? [[name, { ...tensor, shape: graph.inputs.get(name)! }]] : [],
        ),
      ),
    };
  }

  async flush(): Promise<void> {
    await this.#last;
    if (!this.#changed) return;
    tf.tidy(() => {
      for (const { name, shape, from, size } of this.#places) {
        const values = this.#optimizer.parameters.slice(from, from + size);
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
      Object.entries(this.#optimizer.slots).map(([slot, values]): [string, NamedTensor] => [
        slotName(this.#recipe.optimizer, slot, name),
        { dtype: 'float32', shape, data: values.slice(from, from + size) },
      ]),
    );
    return Object.fromEntries(entries);
  }

  restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): void {
    const own = this.#places.flatMap((place) =>
      Object.keys(this.#optimizer.slots).map((slot) => ({ ...place, slot, key: slotName(this.#recipe.optimizer, slot, place.name) })),
    );
    const wrong = own.flatMap(({ key, shape }) => {
      const tensor = Object.hasOwn(slots, key) ? slots[key] : undefined;
      if (!tensor) return `missing "${key}" [${shape}]`;
      return tensor.shape.join() === shape.join() ? [] : `"${key}" is [${tensor.shape}], not [${shape}]`;
    });
    const known = new Set(own.map(({ key }) => key));
    wrong.push(...Object.keys(slots).filter((key) => !known.has(key)).map((key) => `unknown "${key}"`));
    if (wrong.length > 0) throw new PolytaskError(`The optimiser's slots don't fit: ${wrong.join('; ')}.`);
    for (const { key, slot, from } of own) this.#optimizer.slots[slot]!.set(slots[key]!.data, from);
    this.#steps = steps;
    this.#readStore();
  }

  async close(): Promise<void> {
    await this.flush();
    for (const program of this.#programs.values()) await (await program.catch(() => undefined))?.graph.session.release();
    this.#programs.clear();
  }

  /** Takes the parameters and buffers that the model's store has. */
  #readStore(): void {
    for (const { name, from } of this.#places) {
      this.#optimizer.parameters.set(this.#model.store.get(name).variable.dataSync(), from);
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
