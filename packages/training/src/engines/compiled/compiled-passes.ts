import type { HostTensor, Runtime } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { PassNumbers } from '../../balancing/balanced-gradients.ts';
import type { FlatState } from '../../balancing/flat-state.ts';
import type { EnginePasses } from '../../balancing/passes-of-engine.ts';
import type { PassKind } from '../../balancing/passes.ts';
import type { Part } from '../../balancing/shared-parts.ts';
import { batchInputs } from './batch-inputs.ts';
import { loadPass, WEIGHTS } from './pass-graph.ts';
import { parameterInput } from './step-graph.ts';

/** Passes as ONNX graphs, one a kind and batch size, that read the flat parameters in place. */
export function compiledPasses(model: MultiTaskModel<Tasks>, state: FlatState, runtime: Runtime): EnginePasses {
  const graphs = new Map<string, ReturnType<typeof loadPass>>();
  const buffers = new Map<string, HostTensor>();
  const parameters = Object.fromEntries(
    state.places.map(({ name, shape, from, size }): [string, HostTensor] => [
      parameterInput(name),
      { type: 'float32', shape, data: state.parameters.subarray(from, from + size) },
    ]),
  );
  let changed = false;
  const graphOf = (kind: PassKind, size: number, shared: readonly Part[] | undefined) => {
    const key = `${kind} ${size}`;
    let graph = graphs.get(key);
    if (!graph) graphs.set(key, (graph = loadPass(model, { kind, shared, size }, runtime)));
    return graph;
  };

  return {
    name: `compiled (${runtime.name})`,

    begin(batch) {
      const draws: Float32Array[] = [];
      const rows = Object.fromEntries(batchInputs(model, batch.size).map(({ name, read }) => [name, read(batch)]));
      let names: readonly string[] = [];
      return {
        auxiliary: () => names,
        async run(kind, { weights, shared } = {}) {
          const graph = await graphOf(kind, batch.size, shared);
          names = graph.auxiliary;
          const given: Record<string, HostTensor> = { ...rows, ...parameters };
          for (const [name, value] of buffers) given[parameterInput(name)] = value;
          graph.draws.forEach(({ name, draw }, i) => (given[name] = { type: 'float32', shape: draw.shape, data: (draws[i] ??= draw.sample()) }));
          if (weights) given[WEIGHTS] = { type: 'float32', shape: [weights.length], data: Float32Array.from(weights) };
          const feeds = Object.fromEntries([...graph.inputs].map(([name, shape]) => [name, { ...given[name]!, shape }]));
          const results = await graph.session.run(feeds);
          for (const { parameter, output } of graph.buffers) buffers.set(parameter, results[output]!);
          return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data])) as unknown as PassNumbers;
        },
      };
    },

    changed() {
      changed = true;
    },

    flush() {
      if (!changed) return;
      state.write();
      tf.tidy(() => {
        for (const [name, { data, shape }] of buffers) {
          model.store.get(name).variable.assign(tf.tensor((data as Float32Array).slice(), [...shape], 'float32'));
        }
      });
      changed = false;
    },

    async reload() {
      for (const { name, variable, trainable } of model.store.all()) {
        if (!trainable) buffers.set(name, { type: 'float32', shape: variable.shape, data: Float32Array.from(await variable.data<'float32'>()) });
      }
    },

    async close() {
      for (const graph of graphs.values()) await (await graph.catch(() => undefined))?.session.release();
      graphs.clear();
    },
  };
}
