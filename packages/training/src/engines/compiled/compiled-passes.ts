import type { HostTensor, Runtime } from '@polytask/compile';
import type { MultiTaskModel, Tasks } from '@polytask/core';
import {
  batchFeeds,
  batchInputs,
  loadGraph,
  parameterInput,
  Sessions,
  type BatchInput,
  type LoadedGraph,
} from '@polytask/graphs';
import type { EnginePasses, PassKind, PassNumbers, PassRequest } from '../../steps/pass-contract.ts';
import { tableGradients } from '../../balancing/passes.ts';
import type { FlatState } from '../../optimizers/flat/flat-state.ts';
import { HostValues } from './host-values.ts';
import { tracePass, WEIGHTS, type TracedPass } from './pass-graph.ts';

/** A graph with the feeds of its runs. The feeds of the parameters stay, and each run replaces the other feeds. */
interface Program extends LoadedGraph<TracedPass> {
  readonly batch: readonly BatchInput[];
  readonly feeds: Record<string, HostTensor>;
  /** The tensors of the flat state that a run writes gradients into. */
  readonly into: Record<string, HostTensor>;
}

/** Passes as ONNX graphs, one for each kind and batch size. The graphs read the flat parameters in place. */
export function compiledPasses<T extends Tasks>(
  model: MultiTaskModel<T>,
  state: FlatState,
  runtime: Runtime,
): EnginePasses {
  const programs = new Sessions<string, Program>();
  const values = new HostValues(model.store, state);

  async function load(kind: PassKind, size: number, request: Omit<PassRequest, 'weights'>): Promise<Program> {
    const traced = tracePass(model, { kind, ...request, size, threads: runtime.threads });
    const graph = await loadGraph((file) => runtime.load(file), traced);
    const isRead = ({ name }: { readonly name: string }) => graph.inputs.has(name);
    const ofTables = state.tables
      .rows(size)
      .map(
        ({ table, shape, optimizer }) => [tableGradients(table.name), tensorOf(optimizer.gradients, shape)] as const,
      );
    const program = {
      ...graph,
      draws: graph.draws.filter(isRead),
      batch: batchInputs(model, size).filter(isRead),
      feeds: {},
      into: kind === 'plain' ? { gradients: tensorOf(state.gradients), ...Object.fromEntries(ofTables) } : {},
    };
    feed(program, values.parameters);
    return program;
  }

  return {
    name: `compiled (${runtime.name})`,

    begin(batch) {
      const drawn = new Map<string, Float32Array>(); // all passes use the same random numbers
      let names: readonly string[] = [];
      return {
        auxiliary: () => names,
        async run(kind, { weights, ...request } = {}) {
          const program = await programs.get(`${kind} ${batch.size}`, () => load(kind, batch.size, request));
          const { session, buffers, draws, feeds, into } = program;
          names = program.auxiliary;
          feed(program, batchFeeds(program.batch, batch));
          for (const [name, value] of values.buffers) feed(program, { [parameterInput(name)]: value });
          for (const { name, draw } of draws) {
            const numbers = drawn.get(name) ?? draw.sample();
            drawn.set(name, numbers);
            feed(program, { [name]: tensorOf(numbers, draw.shape) });
          }
          if (weights) feed(program, { [WEIGHTS]: tensorOf(Float32Array.from(weights)) });
          const results = await session.run(feeds, { into });
          for (const [name, gradients] of Object.entries(into)) {
            const result = results[name]!;
            if (result !== gradients) (gradients.data as Float32Array).set(result.data as Float32Array); // the runtime can't write in place
          }
          values.take(results, buffers);
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

    close: () => programs.release(),
  };
}

const tensorOf = (data: Float32Array, shape: readonly number[] = [data.length]): HostTensor => ({
  ...{ type: 'float32', shape, data },
});

/** Sets those of the tensors that the graph reads, in the shapes that it reads. */
function feed({ inputs, feeds }: Program, tensors: Readonly<Record<string, HostTensor>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const shape = inputs.get(name);
    if (shape) feeds[name] = { ...tensor, shape };
  }
}
