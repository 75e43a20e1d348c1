import {
  forTraining,
  placeholder,
  trace,
  writeModel,
  type Runtime,
  type Session,
  type TensorSpec,
} from '@polytask/compile';
import type { Draw, MultiTaskModel, Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import type { PassKind } from '../../balancing/pass-contract.ts';
import { runPass, type PassOptions } from '../../balancing/passes.ts';
import { batchSpecs, tensorsOf } from './batch-inputs.ts';
import { parameterName } from './step-graph.ts';

/** The input that holds the tasks' weights. */
export const WEIGHTS = 'balancing';

/** A pass of a balanced step as a graph for one batch size. */
export interface PassGraph {
  /** The shapes of the inputs that the graph reads, which may be others than the tensors': the numbers are the same. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** Random tensors in the order in which a forward pass asks for them, by input name. */
  readonly draws: readonly { readonly name: string; readonly draw: Draw }[];
  readonly auxiliary: readonly string[];
  /** Buffers that get new values, with the outputs that hold them. */
  readonly buffers: readonly { readonly parameter: string; readonly output: string }[];
}

export interface PassGraphOptions extends Pick<PassOptions, 'shared' | 'cut'> {
  readonly kind: PassKind;
  readonly size: number;
  readonly threads: number | undefined;
}

/**
 * Writes a pass down. Its backward passes run the forward pass each; as the graph has equal operations once, there is one
 * forward pass in it. Throws when the model does something that can't be compiled.
 */
export function tracePass(
  model: MultiTaskModel<Tasks>,
  { kind, size, threads, ...request }: PassGraphOptions,
): PassGraph & { readonly model: Uint8Array } {
  const draws: { name: string; draw: Draw }[] = [];
  const kept: tf.Tensor[] = [];
  let auxiliary: readonly string[] = [];
  const specs: Record<string, TensorSpec> = batchSpecs(model, size);
  const names = Object.keys(specs);
  if (kind === 'weighted') specs[WEIGHTS] = { shape: [model.taskNames.length] };

  const provide = (draw: Draw, index: number): tf.Tensor => {
    if (index === draws.length) {
      const name = `random:${index}`;
      draws.push({ name, draw });
      kept.push(tf.keep(placeholder(name, { shape: draw.shape })));
    }
    return kept[index]!;
  };
  const pass = (...inputs: tf.Tensor[]) => {
    const batch = tensorsOf(model, Object.fromEntries(names.map((name, i) => [name, inputs[i]!])));
    const found = runPass(model, batch, kind, {
      ...request,
      weights: inputs[names.length] as tf.Tensor1D | undefined,
      provide,
    });
    auxiliary = found.auxiliary;
    kept.push(found.tensors['losses']!);
    return found.tensors;
  };

  const traced = trace(pass, specs, { inputName: parameterName(model), ...(threads !== undefined && { threads }) });
  tf.dispose(kept);
  const updates = kind === 'weighted' || kind === 'jacobian';
  const buffers = (updates ? traced.writes : []).map(({ variable, value }) => {
    const owner = model.store.all().find((parameter) => parameter.variable === variable)!;
    return { parameter: owner.name, output: `next:${owner.name}`, value };
  });
  const outputs = [...traced.outputs, ...buffers.map(({ output, value }) => ({ name: output, value }))];
  const fast = forTraining({ graph: traced.graph, outputs });
  return {
    model: writeModel(fast.graph, fast.outputs),
    inputs: new Map(fast.graph.inputs.map(({ input, shape }) => [input!, shape])),
    draws,
    auxiliary,
    buffers: buffers.map(({ parameter, output }) => ({ parameter, output })),
  };
}

export async function loadPass(
  model: MultiTaskModel<Tasks>,
  options: Omit<PassGraphOptions, 'threads'>,
  runtime: Runtime,
): Promise<PassGraph & { readonly session: Session }> {
  const { model: bytes, ...rest } = tracePass(model, { ...options, threads: runtime.threads });
  return { ...rest, session: await runtime.load(bytes) };
}
