import type { HostTensor, Runtime } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import { batchInputs, loadGraph, parameterInput, Sessions, type LoadedGraph } from '@polytask/graphs';
import type { EnginePasses, PassKind, PassNumbers, PassRequest } from '../../balancing/pass-contract.ts';
import type { FlatState } from '../../optimizers/flat/flat-state.ts';
import { HostValues } from './host-values.ts';
import { tracePass, WEIGHTS, type TracedPass } from './pass-graph.ts';

/** Passes as ONNX graphs, one for each kind and batch size. The graphs read the flat parameters in place. */
export function compiledPasses(model: MultiTaskModel<Tasks>, state: FlatState, runtime: Runtime): EnginePasses {
  const graphs = new Sessions<string, LoadedGraph<TracedPass>>();
  const values = new HostValues(model.store, state);
  const graphOf = (kind: PassKind, size: number, request: Omit<PassRequest, 'weights'>) =>
    graphs.get(`${kind} ${size}`, async () => {
      const graph = tracePass(model, { kind, ...request, size, threads: runtime.threads });
      return loadGraph((file) => runtime.load(file), graph);
    });

  return {
    name: `compiled (${runtime.name})`,

    begin(batch) {
      const draws: Float32Array[] = [];
      const rows = Object.fromEntries(batchInputs(model, batch.size).map(({ name, read }) => [name, read(batch)]));
      let names: readonly string[] = [];
      return {
        auxiliary: () => names,
        async run(kind, { weights, ...request } = {}) {
          const graph = await graphOf(kind, batch.size, request);
          names = graph.auxiliary;
          const tensors: Record<string, HostTensor> = { ...rows, ...values.parameters };
          for (const { table, parameters } of state.tables.rows(batch.size))
            tensors[parameterInput(table.name)] = parameters;
          for (const [name, value] of values.buffers) tensors[parameterInput(name)] = value;
          for (const [i, { name, draw }] of graph.draws.entries())
            tensors[name] = { type: 'float32', shape: draw.shape, data: (draws[i] ??= draw.sample()) };
          if (weights)
            tensors[WEIGHTS] = { type: 'float32', shape: [weights.length], data: Float32Array.from(weights) };
          const feeds = Object.fromEntries(
            [...graph.inputs].map(([name, shape]) => [name, { ...tensors[name]!, shape }]),
          );
          const results = await graph.session.run(feeds);
          values.take(results, graph.buffers);
          return Object.fromEntries(
            Object.entries(results).map(([name, { data }]) => [name, data]),
          ) as unknown as PassNumbers;
        },
      };
    },

    assign: (name, numbers) => values.assign(name, numbers),
    changed: () => values.changed(),
    flush: () => values.flush(),
    reload: () => values.read(),

    close: () => graphs.release(),
  };
}
