import {
  forTraining,
  placeholder,
  trace,
  writeModel,
  type Recorded,
  type Runtime,
  type Session,
  type TensorSpec,
} from '@polytask/compile';
import { withRandomTensors, type Draw, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { clipped } from '../../optimizers/clip.ts';
import type { Recipe } from '../engine.ts';
import { batchSpecs, tensorsOf } from './batch-inputs.ts';

/** A training step's losses and gradients as a graph for one batch size, loaded into a session. */
export interface StepGraph {
  readonly session: Session;
  /** The inputs that the graph reads, with the shapes that it reads them in: parts of the batch, parameters, buffers, random numbers. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** Random tensors in the order in which the step asks for them, by input name. */
  readonly draws: readonly { readonly name: string; readonly draw: Draw }[];
  /** Names of the losses that the model adds to its tasks', in their order. */
  readonly auxiliary: readonly string[];
  /** Buffers that the step gives new values, with the outputs that hold them. */
  readonly buffers: readonly { readonly parameter: string; readonly output: string }[];
}

/** The outputs. The losses are [tasks + auxiliary + 1], the gradients all parameters' end to end. */
export const LOSSES = 'losses';
export const GRADIENTS = 'gradients';

/** A parameter's input. */
export const parameterInput = (name: string): string => `parameter:${name}`;

/** The inputs of a model's own variables, for `trace`. */
export function parameterName<T extends Tasks>(
  model: MultiTaskModel<T>,
): (variable: tf.Variable) => string | undefined {
  const names = new Map(model.store.all().map(({ name, variable }) => [variable, parameterInput(name)]));
  return (variable) => names.get(variable);
}

/** A step that is written down and not loaded yet. */
export interface TracedStep extends Omit<StepGraph, 'session'> {
  /** The ONNX file. */
  readonly model: Uint8Array;
  /** What stands in it. */
  readonly recorded: Recorded;
}

/** Writes the step down for a batch size. Throws when the model does something that can't be compiled. */
export function traceStep<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  batchSize: number,
  threads: number | undefined,
): TracedStep {
  const trainable = model.store.trainable().map(({ variable }) => variable);
  const draws: { name: string; draw: Draw }[] = [];
  let auxiliary: string[] = [];
  let losses: tf.Tensor | undefined;
  const specs: Record<string, TensorSpec> = batchSpecs(model, batchSize);
  const names = Object.keys(specs);

  const provide = (draw: Draw): tf.Tensor => {
    const name = `random:${draws.length}`;
    draws.push({ name, draw });
    return placeholder(name, { shape: draw.shape });
  };
  const step = (...inputs: tf.Tensor[]) =>
    withRandomTensors(provide, () => {
      const batch = tensorsOf(model, Object.fromEntries(names.map((name, i) => [name, inputs[i]!])));
      const total = () => {
        const all = model.losses(batch, { training: true });
        auxiliary = Object.keys(all.auxiliary);
        losses = tf.keep(
          tf.stack([...model.taskNames.map((task) => all.tasks[task]), ...Object.values(all.auxiliary), all.total]),
        );
        return all.total;
      };
      const { grads } = tf.variableGrads(total, trainable);
      const gradients = clipped(
        trainable.map((variable) => grads[variable.name] ?? tf.zerosLike(variable)),
        recipe.clip,
      );
      return { [LOSSES]: losses!, [GRADIENTS]: tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1]))) };
    });

  const traced = trace(step, specs, { inputName: parameterName(model), ...(threads !== undefined && { threads }) });
  losses?.dispose();
  const buffers = traced.writes.map(({ variable, value }) => {
    const owner = model.store.all().find((parameter) => parameter.variable === variable)!;
    return { parameter: owner.name, output: `next:${owner.name}`, value };
  });
  const outputs = [...traced.outputs, ...buffers.map(({ output, value }) => ({ name: output, value }))];
  const recorded = forTraining({ graph: traced.graph, outputs });
  return {
    model: writeModel(recorded.graph, recorded.outputs),
    recorded,
    inputs: new Map(recorded.graph.inputs.map(({ input, shape }) => [input!, shape])),
    draws,
    auxiliary,
    buffers: buffers.map(({ parameter, output }) => ({ parameter, output })),
  };
}

export async function loadStep<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  batchSize: number,
  runtime: Runtime,
): Promise<StepGraph> {
  const { model: bytes, recorded: _, ...rest } = traceStep(model, recipe, batchSize, runtime.threads);
  return { ...rest, session: await runtime.load(bytes) };
}
