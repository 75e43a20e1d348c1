import type { HostTensor, Runtime } from '@polytask/compile';
import { namedLosses, type Batch, type MultiTaskModel, type NamedTensor, type Tasks } from '@polytask/core';
import { batchInputs, loadGraph, parameterInput, Sessions, type BatchInput, type LoadedGraph } from '@polytask/graphs';
import { FlatState, type UpdatePlace } from '../../optimizers/flat/flat-state.ts';
import type { Recipe, StepLosses, TrainingStep } from '../../engine.ts';
import { HostValues } from './host-values.ts';
import { GRADIENTS, LOSSES, tableGradients, traceStep, type TracedStep } from './step-graph.ts';

/** A graph with the feeds of its runs. The feeds of the parameters stay, and each step replaces the other feeds. */
interface Program extends LoadedGraph<TracedStep> {
  readonly batch: readonly BatchInput[];
  /** The buffers that the graph reads, by name. */
  readonly bufferNames: readonly string[];
  readonly feeds: Record<string, HostTensor>;
  /** The tensors that a run writes the gradients into. */
  readonly into: Record<string, HostTensor>;
}

/**
 * Training steps as ONNX graphs, one for each batch size. Parameters, gradients and slots are flat host buffers. The graph
 * reads the parameters and writes the gradients in place. The optimizer updates all parameters in one pass.
 */
export class CompiledStep<T extends Tasks> implements TrainingStep {
  readonly name: string;
  readonly inFlight = 1;
  readonly #model: MultiTaskModel<T>;
  readonly #recipe: Recipe;
  readonly #runtime: Runtime;
  readonly #state: FlatState;
  readonly #values: HostValues;
  readonly #gradients: HostTensor;
  readonly #programs = new Sessions<number, Program>();
  #steps = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(model: MultiTaskModel<T>, recipe: Recipe, runtime: Runtime) {
    this.name = `compiled (${runtime.name})`;
    this.#model = model;
    this.#recipe = recipe;
    this.#runtime = runtime;
    this.#state = new FlatState(model, recipe);
    this.#values = new HostValues(model.store, this.#state);
    this.#gradients = { type: 'float32', shape: [this.#state.gradients.length], data: this.#state.gradients };
  }

  /** Steps of a model that start from the parameters in the store of the model. */
  static async of<T extends Tasks>(
    model: MultiTaskModel<T>,
    recipe: Recipe,
    runtime: Runtime,
  ): Promise<CompiledStep<T>> {
    const step = new CompiledStep(model, recipe, runtime);
    await step.#values.read();
    return step;
  }

  run(batch: Batch, learningRate: number, _epoch = 0, tableLearningRate = learningRate): Promise<StepLosses> {
    const step = this.#last.then(() => this.#step(batch, { learningRate, tableLearningRate }));
    this.#last = step.catch(() => undefined); // the caller gets the error
    return step;
  }

  async #step(batch: Batch, rates: Omit<UpdatePlace, 'step'>): Promise<StepLosses> {
    const program = await this.#programs.get(batch.size, () => this.#load(batch.size));
    const { feeds, inputs, into } = program;
    const placed = this.#state.tables.gather(batch);
    const feed = (name: string, tensor: HostTensor) => (feeds[name] = { ...tensor, shape: inputs.get(name)! });
    for (const { name, read } of program.batch) feed(name, read(placed));
    for (const name of program.bufferNames) feed(parameterInput(name), this.#values.buffers.get(name)!);
    for (const { name, draw } of program.draws) feed(name, { type: 'float32', shape: draw.shape, data: draw.sample() });
    const results = await program.session.run(feeds, { into });
    for (const [name, gradients] of Object.entries(into)) {
      const result = results[name]!;
      if (result !== gradients) (gradients.data as Float32Array).set(result.data as Float32Array); // the runtime can't write in place
    }

    this.#values.take(results, program.buffers);
    this.#state.update({ step: this.#steps + 1, ...rates });
    this.#steps++;
    this.#values.changed();
    return namedLosses(results[LOSSES]!.data as Float32Array, this.#model.taskNames, program.auxiliary);
  }

  async #load(batchSize: number): Promise<Program> {
    const traced = traceStep(this.#model, this.#recipe, batchSize, this.#runtime.threads);
    const graph = await loadGraph((file) => this.#runtime.load(file), traced);
    const { buffers } = this.#values;
    const rows = this.#state.tables.rows(batchSize);
    const ofTables = rows.map(({ table, parameters }) => [parameterInput(table.name), parameters] as const);
    const parameters = { ...this.#values.parameters, ...Object.fromEntries(ofTables) };
    const isRead = (input: string) => graph.inputs.has(input);
    return {
      ...graph,
      draws: graph.draws.filter(({ name }) => isRead(name)),
      batch: batchInputs(this.#model, batchSize).filter(({ name }) => isRead(name)),
      bufferNames: [...buffers.keys()].filter((name) => isRead(parameterInput(name))),
      feeds: Object.fromEntries(
        Object.entries(parameters).flatMap(([name, tensor]) =>
          isRead(name) ? [[name, { ...tensor, shape: graph.inputs.get(name)! }]] : [],
        ),
      ),
      into: {
        [GRADIENTS]: this.#gradients,
        ...Object.fromEntries(rows.map(({ table, gradients }) => [tableGradients(table.name), gradients])),
      },
    };
  }

  async flush(): Promise<void> {
    await this.#last;
    this.#values.flush();
  }

  async settle(): Promise<void> {
    await this.flush();
    this.#state.tables.settle();
  }

  async readSlots(): Promise<Record<string, NamedTensor>> {
    await this.#last;
    return this.#state.slots();
  }

  async restore(slots: Readonly<Record<string, NamedTensor>>, steps: number): Promise<void> {
    this.#state.restoreSlots(slots);
    this.#steps = steps;
    await this.#values.read();
  }

  async close(): Promise<void> {
    await this.settle();
    await this.#programs.release();
  }
}
