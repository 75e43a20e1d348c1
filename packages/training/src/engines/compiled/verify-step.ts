import { difference, type HostTensor, type Runtime } from '@polytask/compile';
import { PolytaskError, type MultiTaskModel, type Tasks } from '@polytask/core';
import { batchInputs, COMPARED_ROWS, loadGraph, parameterInput } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../../engine.ts';
import { probeBatch } from './probe-batch.ts';
import { GRADIENTS, LOSSES, stepTensors, traceStep, type TracedStep } from './step-graph.ts';

/** A backend on a phone may compute in float16. A wrong operation gives other numbers, not the last digits of them. */
const STRICTNESS = { dtypes: true, tolerance: 1e-2 };

/**
 * Runs the graph of a training step once on a few rows, and compares losses and gradients with those of the current backend of
 * TF.js. The model and its random streams stay as they are.
 *
 * @throws PolytaskError with the first difference, when there is one
 */
export async function verifyStep<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  runtime: Runtime,
): Promise<void> {
  const traced = traceStep(model, recipe, COMPARED_ROWS, runtime.threads);
  const draws = traced.draws.map(({ draw }) => fractions(draw.shape));
  const fault = difference(
    await runGraph(model, traced, draws, runtime),
    await runEagerly(model, recipe, draws),
    STRICTNESS,
  );
  if (fault === undefined) return;
  throw new PolytaskError(
    `Expected ${runtime.name} to compute the losses and gradients that the backend "${tf.getBackend()}" of TensorFlow.js ` +
      `computes, received a difference: ${fault}. Pass engine: 'eager', and report this model.`,
  );
}

/** Numbers between 0 and 1 for a random tensor: the streams of the model must not advance. */
const fractions = (shape: readonly number[]): HostTensor => ({
  type: 'float32',
  shape,
  data: Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => (0.3 + 0.618034 * i) % 1),
});

/** The losses and gradients that the graph computes. */
async function runGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  traced: TracedStep,
  draws: readonly HostTensor[],
  runtime: Runtime,
): Promise<HostTensor[]> {
  const batch = probeBatch(model, COMPARED_ROWS);
  const all = new Map(batchInputs(model, COMPARED_ROWS).map(({ name, read }) => [name, read(batch)]));
  traced.draws.forEach(({ name }, i) => all.set(name, draws[i]!));
  for (const { name, variable } of model.store.all()) {
    const data = await variable.data<'float32'>();
    all.set(parameterInput(name), { type: 'float32', shape: variable.shape, data });
  }
  const { session, inputs } = await loadGraph((file) => runtime.load(file), traced);
  try {
    const feeds = [...inputs].map(([name, shape]) => [name, { ...all.get(name)!, shape }] as const);
    const results = await session.run(Object.fromEntries(feeds));
    return [results[LOSSES]!, results[GRADIENTS]!];
  } finally {
    await session.release();
  }
}

/** The losses and gradients that the backend of TensorFlow.js computes. */
async function runEagerly<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  draws: readonly HostTensor[],
): Promise<HostTensor[]> {
  await tf.ready();
  const buffers = model.store.all().filter(({ trainable }) => !trainable);
  const before = buffers.map(({ variable }) => tf.clone(variable)); // a step updates running means
  const kept: tf.Tensor[] = [];
  try {
    const tensors = tf.tidy(() => {
      const step = stepTensors(model, recipe, {
        batch: model.toTensors(probeBatch(model, COMPARED_ROWS)),
        random: (_, i) => tf.tensor(draws[i]!.data, [...draws[i]!.shape], 'float32'),
        keep: (tensor) => (kept.push(tensor), tf.keep(tensor)),
      });
      return [step.tensors[LOSSES], step.tensors[GRADIENTS]];
    });
    kept.push(...tensors);
    return await Promise.all(
      tensors.map(async (tensor): Promise<HostTensor> => {
        return { type: 'float32', shape: tensor.shape, data: await tensor.data<'float32'>() };
      }),
    );
  } finally {
    buffers.forEach(({ variable }, i) => variable.assign(before[i]!));
    tf.dispose([...before, ...kept]);
  }
}
