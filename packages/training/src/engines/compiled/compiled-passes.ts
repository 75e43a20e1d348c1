import { mapValues } from '@polytask/components';
import { forTraining, type HostTensor, type Recorded, type Runtime } from '@polytask/compile';
import { levelWeightsOf, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import {
  batchFeeds,
  batchInputs,
  loadGraph,
  parameterInput,
  Sessions,
  traceModel,
  type BatchInput,
  type LoadedGraph,
  type ModelGraph,
  ForwardGraphs,
} from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import { runPass, tableGradients, updatesBuffers } from '../../balancing/passes.ts';
import type { Scorer } from '../../engine.ts';
import type { EnginePasses, FlatState, PassKind, PassNumbers, PassRequest } from '../../steps/flat-step.ts';

/** Forward passes as ONNX graphs. A model that can't be compiled fails here, before the first batch. */
export function compiledScorer<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Scorer {
  const logits = new ForwardGraphs(model, runtime, (batch) => model.forward(batch).logits as Record<string, tf.Tensor>);
  let weights: ForwardGraphs | undefined;
  return {
    async logits(batch: Batch) {
      const { results, rows } = await logits.run(batch);
      const ofTask = (task: string) => firstRows(results[task]!, model.members, rows, batch.size);
      return Object.fromEntries(model.taskNames.map((task) => [task, ofTask(task)]));
    },
    async weights(batch: Batch) {
      const { levels } = model.network;
      if (levels.length === 0) return [];
      weights ??= new ForwardGraphs(model, runtime, (tensors) =>
        Object.fromEntries(
          levelWeightsOf(model, tensors).flatMap(({ gated, constant }, l) => [
            ...(gated ? [[gatedOf(l), gated] as const] : []),
            ...(constant ? [[constantOf(l), constant] as const] : []),
          ]),
        ),
      );
      const { results, rows } = await weights.run(batch);
      return levels.map(({ outputs }, l) => ({
        gated: results[gatedOf(l)] && firstRows(results[gatedOf(l)]!, outputs.length, rows, batch.size),
        constant: results[constantOf(l)]?.data as Float32Array | undefined,
      }));
    },
    async close() {
      await logits.close();
      await weights?.close();
    },
  };
}

const gatedOf = (level: number): string => `gated:${level}`;
const constantOf = (level: number): string => `constant:${level}`;

/** The first rows of each block, without padding: [blocks × rows × width] → [blocks × count × width]. */
function firstRows({ data }: HostTensor, blocks: number, rows: number, count: number): Float32Array {
  const width = data.length / (blocks * rows);
  const result = new Float32Array(blocks * count * width);
  for (let b = 0; b < blocks; b++)
    result.set((data as Float32Array).subarray(b * rows * width, (b * rows + count) * width), b * count * width);
  return result;
}

const WEIGHTS = 'balancing';

/** A graph that computes a pass of a step for one batch size. */
export interface TracedPass extends ModelGraph {
  /** The names of the auxiliary losses, in their order. */
  readonly auxiliary: readonly string[];
}

interface TraceRequest extends Omit<PassRequest, 'weights'> {
  readonly kind: PassKind;
  readonly size: number;
  readonly threads: number | undefined;
  /** Makes the recorded graph faster, which takes longer than the recording. Default: `forTraining`. */
  readonly rewrite?: (recorded: Recorded) => Recorded;
}

/**
 * Traces a pass for one batch size: `{ kind: 'plain', clip, size, threads }` is a training step without a balancer, whose outputs are the
 * losses and the gradients. Each backward pass runs the forward pass again. Equal operations are one node, so the graph contains one
 * forward pass.
 *
 * @throws CompileError when an operation of the model can't be compiled
 */
export function tracePass<T extends Tasks>(
  model: MultiTaskModel<T>,
  { kind, size: rows, threads, rewrite = forTraining, ...request }: TraceRequest,
): TracedPass {
  let auxiliary: readonly string[] = [];
  const graph = traceModel(
    model,
    ({ batch, tables, inputs, random, keep }) => {
      const weights = inputs[WEIGHTS] as tf.Tensor1D | undefined;
      const pass = runPass(model, batch, kind, { ...request, tables, weights, provide: random });
      auxiliary = pass.auxiliary;
      keep(pass.tensors['losses']!);
      return pass.tensors;
    },
    {
      ...{ rows, threads, rewrite },
      inputs: kind === 'weighted' ? { [WEIGHTS]: { shape: [model.taskNames.length] } } : {},
      updates: updatesBuffers(kind),
    },
  );
  return { ...graph, auxiliary };
}

/** A graph with the feeds of its runs. The feeds of the parameters stay, and each run replaces the other feeds. */
interface Program extends LoadedGraph<TracedPass> {
  readonly batch: readonly BatchInput[];
  readonly feeds: Record<string, HostTensor>;
  readonly into: Record<string, HostTensor>;
}

/** One graph for each kind and batch size, which reads the flat parameters in place. Buffers, such as running means, are separate arrays. */
export function compiledPasses<T extends Tasks>(
  model: MultiTaskModel<T>,
  state: FlatState,
  runtime: Runtime,
): EnginePasses {
  const { store } = model;
  const programs = new Sessions<string, Program>();
  const parameters = Object.fromEntries(
    state.places.map(({ name, shape, from, size }) => [
      parameterInput(name),
      tensorOf(state.parameters.subarray(from, from + size), shape),
    ]),
  );
  const trained = new Set(state.places.map(({ name }) => name));
  const buffers = new Map<string, HostTensor>(); // and frozen parameters
  let auxiliary: readonly string[] = [];
  let hasChanged = false; // since the last flush

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
    feed(program, parameters);
    return program;
  }

  return {
    ...{ name: `compiled (${runtime.name})`, auxiliary: () => auxiliary },

    begin(batch) {
      const drawn = new Map<string, Float32Array>(); // all passes use the same random numbers
      return async (kind, { weights, ...request } = {}) => {
        const program = await programs.get(`${kind} ${batch.size}`, () => load(kind, batch.size, request));
        const { session, draws, feeds, into } = program;
        auxiliary = program.auxiliary;
        feed(program, batchFeeds(program.batch, batch));
        for (const [name, value] of buffers) feed(program, { [parameterInput(name)]: value });
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
        for (const { parameter, output } of program.buffers) buffers.set(parameter, results[output]!);
        return mapValues(results, ({ data }) => data) as unknown as PassNumbers;
      };
    },

    assign: (name, data) => void buffers.set(name, { ...buffers.get(name)!, data }),
    changed: () => void (hasChanged = true),
    flush() {
      if (!hasChanged) return;
      state.write();
      tf.tidy(() => {
        for (const [name, { data, shape }] of buffers)
          store.get(name).variable.assign(tf.tensor((data as Float32Array).slice(), [...shape], 'float32'));
      });
      hasChanged = false;
    },
    async reload() {
      await state.read();
      for (const { name, variable } of store.all()) {
        if (trained.has(name)) continue;
        buffers.set(name, tensorOf(Float32Array.from(await variable.data<'float32'>()), variable.shape));
      }
    },

    close: () => programs.release(),
  };
}

export const tensorOf = (data: Float32Array, shape: readonly number[] = [data.length]): HostTensor => ({
  ...{ type: 'float32', shape, data },
});

/** Sets those of the tensors that the graph reads, in the shapes that it reads. */
function feed({ inputs, feeds }: Program, tensors: Readonly<Record<string, HostTensor>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const shape = inputs.get(name);
    if (shape) feeds[name] = { ...tensor, shape };
  }
}
