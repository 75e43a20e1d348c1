import { placeholder, trace, writeModel, type Recorded, type Session, type TensorSpec } from '@polytask/compile';
import { PolytaskError, type BatchTensors, type Draw } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { batchInputs, batchTensors, parameterNames, type BatchReader, type Parameterized } from './inputs.ts';

export interface TraceModelOptions {
  /** The batch size of the graph. */
  rows: number;
  /** Whether the graph reads labels and weights. Default: yes. */
  labeled?: boolean;
  /** Further inputs, by name. */
  inputs?: Readonly<Record<string, TensorSpec>>;
  /** How many threads will run one operation, where that is known. */
  threads?: number | undefined;
  /** Whether the next values of buffers that the function assigns are outputs. Default: no. */
  updates?: boolean;
  /** Makes the graph faster: `forTraining`, or `forInference` with its parameters. Default: nothing. */
  rewrite?: (recorded: Recorded) => Recorded;
}

/** What the traced function gets. */
export interface TracedCall {
  readonly batch: BatchTensors;
  /** The further inputs. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** The input that holds the random tensor with this number. The same number gives the same tensor. */
  random(draw: Draw, index: number): tf.Tensor;
  /** Keeps a tensor past the `tf.tidy` around it, until the graph is written. */
  keep<V extends tf.Tensor>(tensor: V): V;
}

/** A function of a model and a batch as a graph for one batch size. */
export interface ModelGraph {
  /** The ONNX file. */
  readonly file: Uint8Array;
  readonly recorded: Recorded;
  /** The inputs that the graph reads: parts of the batch, parameters, buffers, random numbers. Their shapes may differ from the tensors': the numbers are the same. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** Random tensors in the order in which the function asks for them, by input name. */
  readonly draws: readonly { readonly name: string; readonly draw: Draw }[];
  /** Buffers that get new values, with the outputs that hold them. */
  readonly buffers: readonly { readonly parameter: string; readonly output: string }[];
}

/** A graph that is loaded: its file and its recording are no longer held. */
export type LoadedGraph<G extends ModelGraph = ModelGraph> = Omit<G, 'file' | 'recorded'> & {
  readonly session: Session;
};

/**
 * Runs a function of a model once on the recording backend and gives it as a graph: a training step, a pass of a balanced
 * step, a prediction. Parts of the batch, parameters and random tensors are inputs.
 *
 * @throws CompileError when the function does something that can't be compiled
 * @example
 * const { file } = traceModel(model, ({ batch }) => model.forward(batch).logits, { rows: 32, labeled: false });
 */
export function traceModel(
  model: BatchReader & Parameterized,
  run: (call: TracedCall) => Readonly<Record<string, tf.Tensor>>,
  options: TraceModelOptions,
): ModelGraph {
  const { rows, labeled, inputs: further = {}, threads, updates = false, rewrite = (recorded) => recorded } = options;
  const draws: { name: string; draw: Draw }[] = [];
  const drawn: tf.Tensor[] = [];
  const kept: tf.Tensor[] = [];
  const keep = <V extends tf.Tensor>(tensor: V): V => {
    kept.push(tf.keep(tensor));
    return tensor;
  };
  const random = (draw: Draw, index: number): tf.Tensor => {
    if (index === draws.length) {
      const name = `random:${index}`;
      draws.push({ name, draw });
      drawn.push(keep(placeholder(name, { shape: draw.shape })));
    }
    return drawn[index]!;
  };
  const batch = batchInputs(model, rows, labeled);
  const specs: Record<string, TensorSpec> = {
    ...Object.fromEntries(batch.map((input) => [input.name, input])),
    ...further,
  };
  const names = Object.keys(specs);
  try {
    const traced = trace(
      (...tensors) => {
        const inputs = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
        return run({ batch: batchTensors(inputs, rows), inputs, random, keep });
      },
      specs,
      { ...parameterNames(model), ...(threads !== undefined && { threads }) },
    );
    const buffers = (updates ? traced.writes : []).map(({ variable, value }) => {
      const owner = model.store.all().find((parameter) => parameter.variable === variable)!;
      return { parameter: owner.name, output: `next:${owner.name}`, value };
    });
    const outputs = [...traced.outputs, ...buffers.map(({ output, value }) => ({ name: output, value }))];
    const recorded = rewrite({ graph: traced.graph, outputs });
    return {
      file: writeModel(recorded.graph, recorded.outputs),
      recorded,
      inputs: new Map(recorded.graph.inputs.map(({ input, shape }) => [input!, shape])),
      draws,
      buffers: buffers.map(({ parameter, output }) => ({ parameter, output })),
    };
  } finally {
    tf.dispose(kept);
  }
}

/** Loads a graph into a session of a runtime. */
export async function loadGraph<G extends ModelGraph>(
  load: (file: Uint8Array) => Promise<Session>,
  { file, recorded: _, ...rest }: G,
): Promise<LoadedGraph<G>> {
  return { ...rest, session: await load(file) };
}

/** Rows of the graphs that are only compared. A mask of so many rows is hardly ever drawn twice. */
export const COMPARED_ROWS = 8;

/**
 * Writes a graph twice, and throws unless both are the same, byte for byte. What differs is a constant that was drawn
 * while the model ran: a compiled step would have it once and for all, one dropout mask for every batch. Numbers from
 * `randomTensor` are inputs, and don't differ.
 */
export function checkSameGraph(write: () => Uint8Array): void {
  const [first, second] = [write(), write()];
  if (first.length === second.length && first.every((byte, i) => byte === second[i])) return;
  throw new PolytaskError(
    'The model draws random numbers of its own (a tf.layers dropout or noise layer, or tf.randomUniform and the like), which ' +
      "a compiled graph would repeat at every step. Draw them by core's randomTensor, as its dropout does, or pass engine: 'eager'.",
  );
}
