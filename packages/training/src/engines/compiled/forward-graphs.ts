import { trace, writeModel, type HostTensor, type Runtime, type Session } from '@polytask/compile';
import { emptyBatch, type Batch, type BatchTensors, type MultiTaskModel, type Tasks } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs';
import { batchInputs, batchSpecs, tensorsOf } from './batch-inputs.ts';
import { checkSameGraph, COMPARED_ROWS } from './same-graph.ts';
import { parameterInput, parameterName } from './step-graph.ts';

interface Forward {
  readonly session: Session;
  readonly inputs: ReadonlySet<string>;
}

/** What came out of a graph: tensors of `rows` rows, of which those after the batch's own are nobody's. */
export interface ForwardResults {
  readonly results: Readonly<Record<string, HostTensor>>;
  readonly rows: number;
}

/**
 * A function of a model and a batch as ONNX graphs, one a batch size, with the parameters that the model's store has at each
 * run. A batch that is smaller than one before is padded with rows that nobody reads: in serving, rows know nothing of one
 * another.
 */
export class ForwardGraphs<T extends Tasks> {
  readonly #model: MultiTaskModel<T>;
  readonly #runtime: Runtime;
  readonly #forward: (batch: BatchTensors) => Record<string, tf.Tensor>;
  readonly #graphs = new Map<number, Promise<Forward>>();

  /** @throws Error when the function does something that can't be compiled, or must not be */
  constructor(model: MultiTaskModel<T>, runtime: Runtime, forward: (batch: BatchTensors) => Record<string, tf.Tensor>) {
    this.#model = model;
    this.#runtime = runtime;
    this.#forward = forward;
    checkSameGraph(() => this.#write(COMPARED_ROWS).bytes);
  }

  async run(batch: Batch): Promise<ForwardResults> {
    const size = Math.min(...[...this.#graphs.keys()].filter((known) => known >= batch.size)); // Infinity for none
    const padded = Number.isFinite(size) && size > batch.size ? pad(this.#model, batch, size) : batch;
    const { session, inputs } = await this.#graphOf(padded.size);
    const feeds: Record<string, HostTensor> = {};
    for (const input of batchInputs(this.#model, padded.size, false)) feeds[input.name] = input.read(padded);
    for (const { name, variable } of this.#model.store.all()) {
      feeds[parameterInput(name)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
    }
    const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name))));
    return { results, rows: padded.size };
  }

  async close(): Promise<void> {
    for (const graph of this.#graphs.values()) await (await graph.catch(() => undefined))?.session.release();
    this.#graphs.clear();
  }

  #graphOf(size: number): Promise<Forward> {
    let graph = this.#graphs.get(size);
    if (!graph) this.#graphs.set(size, (graph = this.#load(size)));
    return graph;
  }

  #write(size: number): { bytes: Uint8Array; inputs: Set<string> } {
    const { threads } = this.#runtime;
    const specs = batchSpecs(this.#model, size, false);
    const names = Object.keys(specs);
    const forward = (...inputs: tf.Tensor[]) =>
      this.#forward(tensorsOf(this.#model, Object.fromEntries(names.map((name, i) => [name, inputs[i]!]))));
    const traced = trace(forward, specs, {
      inputName: parameterName(this.#model),
      ...(threads !== undefined && { threads }),
    });
    return {
      bytes: writeModel(traced.graph, traced.outputs),
      inputs: new Set(traced.graph.inputs.map(({ input }) => input!)),
    };
  }

  async #load(size: number): Promise<Forward> {
    const { bytes, inputs } = this.#write(size);
    return { session: await this.#runtime.load(bytes), inputs };
  }
}

function pad<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch, size: number): Batch {
  const padded = emptyBatch(size, model.layout);
  for (const part of ['numeric', 'ids', 'bagIds', 'bagWeights'] as const) padded[part].set(batch[part] as never);
  return padded;
}
