import type { HostTensor, Runtime } from '@polytask/compile';
import { padBatch, type Batch, type BatchTensors, type MultiTaskModel } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs-core';
import { batchFeeds, batchInputs, gatherBatch, parameterInput, type BatchReader } from './inputs.ts';
import {
  checkSameGraph,
  COMPARED_ROWS,
  loadGraph,
  Sessions,
  traceModel,
  type LoadedGraph,
  type ModelGraph,
} from './trace-model.ts';

/** The results of a graph, with `rows` rows. Rows after the size of the batch are padding. */
export interface ForwardResults {
  readonly results: Readonly<Record<string, HostTensor>>;
  readonly rows: number;
}

/**
 * A function of a model and the features of a batch as graphs, one for each batch size. Each run reads the current parameters
 * of the model. A smaller batch than before is padded, as rows are independent in a prediction.
 */
export class ForwardGraphs {
  readonly #model: BatchReader;
  readonly #runtime: Runtime;
  readonly #forward: (batch: BatchTensors) => Readonly<Record<string, tf.Tensor>>;
  readonly #sessions = new Sessions<number, LoadedGraph>();
  readonly #sizes = new Set<number>();

  /**
   * @param forward returns the results by name
   * @throws CompileError when an operation of `forward` can't be compiled
   * @throws PolytaskError when `forward` draws random numbers
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

  /** Runs the graph for a batch. The results have the rows of the batch first. */
  async run(batch: Batch): Promise<ForwardResults> {
    const size = Math.min(...[...this.#sizes].filter((rows) => rows >= batch.size)); // Infinity for no size
    const padded = Number.isFinite(size) && size > batch.size ? padBatch(batch, size) : batch;
    const rows = padded.size;
    this.#sizes.add(rows);
    const { session, inputs } = await this.#sessions.get(rows, () =>
      loadGraph((file) => this.#runtime.load(file), this.#trace(rows)),
    );
    const feeds = batchFeeds(batchInputs(this.#model, rows, false), gatherBatch(this.#model, padded));
    await Promise.all(
      this.#model.store.all().map(async ({ name, variable }) => {
        const data = await variable.data<'float32'>(); // WebGPU has no read that blocks
        feeds[parameterInput(name)] = { type: 'float32', shape: variable.shape, data };
      }),
    );
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
