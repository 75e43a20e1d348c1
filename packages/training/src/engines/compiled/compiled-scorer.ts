import { trace, writeModel, type HostTensor, type Runtime, type Session } from '@polytask/compile';
import { emptyBatch, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import type * as tf from '@tensorflow/tfjs';
import type { Scorer } from '../engine.ts';
import { batchInputs, batchSpecs, tensorsOf } from './batch-inputs.ts';
import { checkSameGraph, COMPARED_ROWS } from './same-graph.ts';
import { parameterName, parameterInput } from './step-graph.ts';

interface ForwardGraph {
  readonly session: Session;
  readonly inputs: ReadonlySet<string>;
}

/**
 * Forward passes as one ONNX graph, with the parameters that the model's store has at each call. A batch that is smaller
 * than one before is padded with rows that nobody reads: in serving, rows know nothing of one another.
 */
export async function compiledScorer<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Promise<Scorer> {
  // what can't be compiled, and what must not be, is found before the first batch
  checkSameGraph(() => writeForward(model, COMPARED_ROWS, runtime.threads).bytes);
  const graphs = new Map<number, Promise<ForwardGraph>>();
  const graphOf = (size: number) => {
    let graph = graphs.get(size);
    if (!graph) graphs.set(size, (graph = loadForward(model, size, runtime)));
    return graph;
  };
  return {
    async logits(batch: Batch) {
      const size = Math.min(...[...graphs.keys()].filter((known) => known >= batch.size)); // Infinity for none
      const padded = Number.isFinite(size) && size > batch.size ? pad(model, batch, size) : batch;
      const { session, inputs } = await graphOf(padded.size);
      const feeds: Record<string, HostTensor> = {};
      for (const input of batchInputs(model, padded.size, false)) feeds[input.name] = input.read(padded);
      for (const { name, variable } of model.store.all()) {
        feeds[parameterInput(name)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
      }
      const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name))));
      const cut = ({ data }: HostTensor) => (data as Float32Array).slice(0, (data.length / padded.size) * batch.size);
      return Object.fromEntries(model.taskNames.map((task) => [task, cut(results[task]!)]));
    },
    async close() {
      for (const graph of graphs.values()) await (await graph.catch(() => undefined))?.session.release();
      graphs.clear();
    },
  };
}

function pad<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch, size: number): Batch {
  const padded = emptyBatch(size, model.layout);
  for (const part of ['numeric', 'ids', 'bagIds', 'bagWeights'] as const) padded[part].set(batch[part] as never);
  return padded;
}

function writeForward<T extends Tasks>(
  model: MultiTaskModel<T>,
  size: number,
  threads: number | undefined,
): { bytes: Uint8Array; inputs: Set<string> } {
  const specs = batchSpecs(model, size, false);
  const names = Object.keys(specs);
  const forward = (...inputs: tf.Tensor[]) =>
    model.forward(tensorsOf(model, Object.fromEntries(names.map((name, i) => [name, inputs[i]!])))).logits as Record<string, tf.Tensor>;
  const traced = trace(forward, specs, { inputName: parameterName(model), ...(threads !== undefined && { threads }) });
  return { bytes: writeModel(traced.graph, traced.outputs), inputs: new Set(traced.graph.inputs.map(({ input }) => input!)) };
}

async function loadForward<T extends Tasks>(model: MultiTaskModel<T>, size: number, runtime: Runtime): Promise<ForwardGraph> {
  const { bytes, inputs } = writeForward(model, size, runtime.threads);
  return { session: await runtime.load(bytes), inputs };
}
