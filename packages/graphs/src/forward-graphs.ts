import type { HostTensor, Runtime } from '@polytask/compile';
import { padBatch, type Batch, type BatchTensors, type MultiTaskModel } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs';
import { batchInputs, parameterInput, type BatchReader, type Parameterized } from './inputs.ts';
import {
  checkSameGraph,
  COMPARED_ROWS,
  loadGraph,
  traceModel,
  type LoadedGraph,
  type ModelGraph,
} from './trace-model.ts';
import { Sessions } from './sessions.ts';

/** What came out of a graph: tensors of `rows` rows. Those after the batch's own are padding. */
export interface ForwardResults {
  readonly results: Readonly<Record<string, HostTensor>>;
  readonly rows: number;
}

/**
 * A function of a model and a batch's features as graphs, one a batch size. Each run reads the parameters that the model's
 * store has then. A batch that is smaller than one before is padded: when a model predicts, its rows are independent.
 */
export class ForwardGraphs {
  readonly #model: BatchReader & Parameterized;
  readonly #runtime: Runtime;
  readonly #forward: (batch: BatchTensors) => Readonly<Record<string, tf.Tensor>>;
  readonly #sessions = new Sessions<number, LoadedGraph>();
  readonly #sizes = new Set<number>();

  /**
   * @throws CompileError when the function does something that can't be compiled; PolytaskError when it draws random numbers
   * @example const logits = new ForwardGraphs(model, await nodeRuntime(), (batch) => model.forward(batch).logits);
   */
  constructor(
    model: Pick<MultiTaskModel, 'layout' | 'store' | 'taskNames'>,
    runtime: Runtime,
    forward: (batch: BatchTensors) => Readonly<Record<string, tf.Tensor>>,
  ) {
    this.#model = model;
    this.#runtime = runtime;
    this.#forward = forward;
    checkSameGraph(() => this.#trace(COMPARED_ROWS).file);
  }

  async run(batch: Batch): Promise<ForwardResults> {
    const size = Math.min(...[...this.#sizes].filter((known) => known >= batch.size)); // Infinity for none
    const padded = Number.isFinite(size) && size > batch.size ? padBatch(batch, size) : batch;
    const rows = padded.size;
    this.#sizes.add(rows);
    const { session, inputs } = await this.#sessions.get(rows, () =>
      loadGraph((file) => this.#runtime.load(file), this.#trace(rows)),
    );
    const feeds: Record<string, HostTensor> = {};
    for (const { name, read } of batchInputs(this.#model, rows, false)) feeds[name] = read(padded);
    for (const { name, variable } of this.#model.store.all()) {
      feeds[parameterInput(name)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
    }
    const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name))));
    return { results, rows };
  }

  close(): Promise<void> {
    return this.#sessions.release();
  }

  #trace(rows: number): ModelGraph {
    const { threads } = this.#runtime;
    return traceModel(this.#model, ({ batch }) => this.#forward(batch), { rows, labeled: false, threads });
  }
}
