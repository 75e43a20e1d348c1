import {
  type HostTensor,
  type Runtime,
  placeholder,
  trace,
  writeModel,
  type Recorded,
  type Session,
  type TensorSpec,
  type WriteOptions,
} from '@polytask/compile';
import { padBatch, type Batch, type BatchTensors, type MultiTaskModel, type Draw } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  anything,
  flag,
  optional,
  wholeNumber,
  PolytaskError,
  readOptions,
  type Option,
  type Written,
} from '@polytask/components';
import {
  batchFeeds,
  batchInputs,
  gatherBatch,
  parameterInput,
  batchTensors,
  parameterNames,
  tableVariables,
  type BatchReader,
} from './inputs.ts';

const description = {
  /** The batch size of the graph. */
  rows: wholeNumber(1),
  /** Whether the graph reads labels, weights and groups. */
  labeled: optional(flag, true),
  /** Additional inputs, by name. */
  inputs: optional(anything as Option<Readonly<Record<string, TensorSpec>>>, {}),
  /** The number of threads that will run one operation. Default: unknown. */
  threads: optional(wholeNumber(1)),
  /** Whether the next values of assigned buffers are outputs. */
  updates: optional(flag, false),
  /** Rewrites the graph, such as `forTraining`. Default: the graph stays as recorded. */
  rewrite: optional(anything as Option<(recorded: Recorded) => Recorded>, () => (recorded: Recorded) => recorded),
  precisionOf: optional(anything),
};

export interface TraceModelOptions extends Written<typeof description> {
  /** How the numbers of a value are written. Default: as they are. */
  readonly precisionOf?: WriteOptions['precisionOf'];
}

export interface TracedCall {
  readonly batch: BatchTensors;
  /** The gathered rows of each table with sparse updates. The variables have no numbers, and last for this call. */
  readonly tables: readonly tf.Variable[];
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** The input for the random tensor with this index. The same index gives the same tensor. */
  random(draw: Draw, index: number): tf.Tensor;
  /** Keeps a tensor beyond its `tf.tidy`, until the graph is written. */
  keep<V extends tf.Tensor>(tensor: V): V;
}

/** The graph of a function of a model and a batch, for one batch size. */
export interface ModelGraph {
  readonly file: Uint8Array;
  readonly recorded: Recorded;
  /**
   * The inputs of the graph with their shapes: parts of the batch, parameters, buffers, random numbers. A rewritten graph may
   * read the numbers of a tensor in another shape.
   */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** The random tensors with their input names, in the order of the calls of `random`. */
  readonly draws: readonly { readonly name: string; readonly draw: Draw }[];
  /** The buffers that the function assigns, with the outputs of their next values. */
  readonly buffers: readonly { readonly parameter: string; readonly output: string }[];
}

/**
 * Records a function of a model and a batch as a graph, such as a training step or a prediction. Parts of the batch,
 * parameters, buffers and random tensors are inputs of the graph.
 *
 * @param run returns the results by name
 * @throws PolytaskError for an unknown option
 * @throws CompileError when an operation of the function can't be compiled
 * @example
 * const { file } = traceModel(model, ({ batch }) => model.forward(batch).logits, { rows: 32, labeled: false });
 */
export function traceModel(
  model: BatchReader,
  run: (call: TracedCall) => Readonly<Record<string, tf.Tensor>>,
  options: TraceModelOptions,
): ModelGraph {
  const read = readOptions(options, description, 'traceModel');
  const { rows, labeled, inputs: additionalInputs, threads, updates, rewrite, precisionOf } = read;
  const draws: { name: string; draw: Draw }[] = [];
  const randomTensors: tf.Tensor[] = [];
  const keptTensors: tf.Tensor[] = [];
  const keep = <V extends tf.Tensor>(tensor: V): V => {
    keptTensors.push(tf.keep(tensor));
    return tensor;
  };
  const random = (draw: Draw, index: number): tf.Tensor => {
    if (index === draws.length) {
      const name = `random:${index}`;
      draws.push({ name, draw });
      randomTensors.push(keep(placeholder(name, { shape: draw.shape })));
    }
    return randomTensors[index]!;
  };
  const batch = batchInputs(model, rows, labeled);
  const tables = tableVariables(model, rows);
  const specs: Record<string, TensorSpec> = {
    ...Object.fromEntries(batch.map((input) => [input.name, input])),
    ...additionalInputs,
  };
  const names = Object.keys(specs);
  try {
    const traced = trace(
      (...tensors) => {
        const inputs = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
        const features = batchTensors(inputs, rows, tables.size > 0 ? Object.fromEntries(tables) : undefined);
        return run({ batch: features, tables: [...tables.values()], inputs, random, keep });
      },
      specs,
      { ...parameterNames(model, tables), ...(threads !== undefined && { threads }) },
    );
    const buffers = (updates ? traced.writes : []).map(({ variable, value }) => {
      const { name } = model.store.all().find((parameter) => parameter.variable === variable)!;
      return { parameter: name, output: `next:${name}`, value };
    });
    const outputs = [...traced.outputs, ...buffers.map(({ output, value }) => ({ name: output, value }))];
    const recorded = rewrite({ graph: traced.graph, outputs });
    return {
      file: writeModel(recorded.graph, recorded.outputs, { precisionOf: precisionOf as WriteOptions['precisionOf'] }),
      recorded,
      inputs: new Map(recorded.graph.inputs.map(({ input, shape }) => [input!, shape])),
      draws,
      buffers: buffers.map(({ parameter, output }) => ({ parameter, output })),
    };
  } finally {
    tf.dispose([...keptTensors, ...tables.values()]);
  }
}

/** The batch size of graphs for {@link checkSameGraph}. Two random masks of this size are hardly ever equal. */
export const COMPARED_ROWS = 8;

/**
 * Writes a graph twice and compares the two files. A difference is a constant that the model draws at random, by `Math.random` for instance,
 * which a compiled step would repeat. The trace itself refuses random operations of TF.js, and numbers from `randomTensor` are inputs.
 *
 * @throws PolytaskError when the files differ
 * @example
 * checkSameGraph(() => traceModel(model, ({ batch }) => model.forward(batch).logits, { rows: COMPARED_ROWS }).file);
 */
export function checkSameGraph(write: () => Uint8Array): void {
  const [first, second] = [write(), write()];
  if (first.length === second.length && first.every((byte, i) => byte === second[i])) return;
  throw new PolytaskError(
    'The model draws random numbers of its own (by Math.random and the like), which a compiled graph would repeat at every ' +
      "step. Draw them by core's randomTensor, as its dropout does, or pass engine: 'eager'.",
  );
}

/** A graph in a session, without its file and its recorded operations. */
export type LoadedGraph<G extends ModelGraph = ModelGraph> = Omit<G, 'file' | 'recorded'> & {
  readonly session: Session;
};

/**
 * Loads a graph into a session.
 *
 * @param load loads an ONNX file, such as `(file) => runtime.load(file)`
 * @example
 * const runtime = await nodeRuntime();
 * const graph = traceModel(model, ({ batch }) => model.forward(batch).logits, { rows: 32, labeled: false });
 * const { session } = await loadGraph((file) => runtime.load(file), graph);
 */
export async function loadGraph<G extends ModelGraph>(
  load: (file: Uint8Array) => Promise<Session>,
  { file, recorded: _, ...rest }: G,
): Promise<LoadedGraph<G>> {
  return { ...rest, session: await load(file) };
}

/** The loaded graphs of a model, by a key such as the batch size. Each graph is loaded at its first use. */
export class Sessions<K, G extends { readonly session: Session }> {
  readonly #graphs = new Map<K, Promise<G>>();
  readonly #running = new Set<Promise<unknown>>();

  /** The graph of a key. After an error, the next call loads the graph again. */
  get(key: K, load: () => Promise<G>): Promise<G> {
    const existing = this.#graphs.get(key);
    if (existing) return existing;
    const graph = load();
    this.#graphs.set(key, graph);
    graph.catch(() => {
      if (this.#graphs.get(key) === graph) this.#graphs.delete(key);
    });
    return graph;
  }

  /** Runs a function. `release` waits until the function has finished. */
  async during<R>(use: () => Promise<R>): Promise<R> {
    const running = use();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Releases all sessions, after all functions of `during` have finished. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#running);
    const graphs = await Promise.allSettled(this.#graphs.values());
    this.#graphs.clear();
    for (const each of graphs) if (each.status === 'fulfilled') await each.value.session.release();
  }
}

/** The results of a graph, with `rows` rows. Rows after the size of the batch are padding. */
export interface ForwardResults {
  readonly results: Readonly<Record<string, HostTensor>>;
  readonly rows: number;
}

/** A function of a model and a batch as graphs, one for each batch size. Each run reads the current parameters. A smaller batch is padded. */
export class ForwardGraphs {
  readonly #sessions = new Sessions<number, LoadedGraph>();
  readonly #sizes = new Set<number>();

  /**
   * @param forward returns the results by name
   * @throws CompileError when an operation of `forward` can't be compiled
   * @throws PolytaskError when `forward` draws random numbers
   * @example const logits = new ForwardGraphs(model, await nodeRuntime(), (batch) => model.forward(batch).logits);
   */
  constructor(
    private readonly model: Pick<MultiTaskModel, 'layout' | 'store' | 'taskNames'>,
    private readonly runtime: Runtime,
    private readonly forward: (batch: BatchTensors) => Readonly<Record<string, tf.Tensor>>,
  ) {
    checkSameGraph(() => this.#trace(COMPARED_ROWS).file);
  }

  /** Runs the graph for a batch. The results have the rows of the batch first. */
  async run(batch: Batch): Promise<ForwardResults> {
    const size = Math.min(...[...this.#sizes].filter((rows) => rows >= batch.size)); // Infinity for no size
    const padded = Number.isFinite(size) && size > batch.size ? padBatch(batch, size) : batch;
    const rows = padded.size;
    this.#sizes.add(rows);
    const { session, inputs } = await this.#sessions.get(rows, () =>
      loadGraph((file) => this.runtime.load(file), this.#trace(rows)),
    );
    const feeds = batchFeeds(batchInputs(this.model, rows, false), gatherBatch(this.model, padded));
    await Promise.all(
      this.model.store.all().map(async ({ name, variable }) => {
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
    const { threads } = this.runtime;
    return traceModel(this.model, ({ batch }) => this.forward(batch), { rows, labeled: false, threads });
  }
}
