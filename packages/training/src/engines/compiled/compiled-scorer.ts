import { trace, writeModel, type HostTensor, type Runtime, type Session } from '@polytask/compile';
import type { Batch, MultiTaskModel, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { Scorer } from '../engine.ts';
import { batchFeeds, batchSpecs, tensorsOf } from './batch-inputs.ts';
import { parameterInput } from './step-graph.ts';

interface ForwardGraph {
  readonly session: Session;
  readonly inputs: ReadonlySet<string>;
}

/** Forward passes as one ONNX graph a batch size, with the parameters that the model's store has at each call. */
export function compiledScorer<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Scorer {
  const graphs = new Map<number, Promise<ForwardGraph>>();
  const graphOf = (size: number) => {
    let graph = graphs.get(size);
    if (!graph) graphs.set(size, (graph = loadForward(model, size, runtime)));
    return graph;
  };
  return {
    async logits(batch: Batch) {
      const { session, inputs } = await graphOf(batch.size);
      const feeds = batchFeeds(model, batch, false);
      for (const { name, variable } of model.store.all()) {
        feeds[parameterInput(name)] = { type: 'float32', shape: variable.shape, data: variable.dataSync<'float32'>() };
      }
      const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name))));
      return Object.fromEntries(model.taskNames.map((task) => [task, (results[task] as HostTensor).data as Float32Array]));
    },
    async close() {
      for (const graph of graphs.values()) await (await graph.catch(() => undefined))?.session.release();
      graphs.clear();
    },
  };
}

async function loadForward<T extends Tasks>(model: MultiTaskModel<T>, size: number, runtime: Runtime): Promise<ForwardGraph> {
  const specs = batchSpecs(model, size, false);
  const names = Object.keys(specs);
  const forward = (...inputs: tf.Tensor[]) =>
    model.forward(tensorsOf(model, Object.fromEntries(names.map((name, i) => [name, inputs[i]!])))).logits as Record<string, tf.Tensor>;
  const traced = trace(forward, specs, {
    inputName: (variable) => {
      const owner = model.store.all().find((parameter) => parameter.variable === variable);
      return owner && parameterInput(owner.name);
    },
  });
  return {
    session: await runtime.load(writeModel(traced.graph, traced.outputs)),
    inputs: new Set(traced.graph.inputs.map(({ input }) => input!)),
  };
}
