import { emptyBatch, type Batch, type MultiTaskModel, type NamedTensor } from '@polytask/core';
import { fromReference, toReference, type NamedTensors } from '@polytask/reference';
import { adam, type Engine, slotName } from '@polytask/training';
import type { ReferenceCase } from './read-case.ts';

/** An optimizer that reads gradients: without decay, Adam's first moment is the gradient. A learning rate of 0 moves no weight. */
const GRADIENT = adam(1, { beta1: 0 });

export async function runCase(reference: ReferenceCase, engine: Engine): Promise<Record<string, NamedTensor>> {
  const { configuration, parameters, labels } = reference;
  const model = fromReference(configuration, parameters);
  try {
    const batch = batchOf(reference, model);
    const before = prefixed('param.', toReference(model));
    const logits = await logitsOf(model, batch, engine);
    const { losses, gradients } = await gradientsOf(model, batch, engine);
    const curve = await train(model, batch, reference, engine);
    const tasks = model.taskNames.length;
    return {
      ...before,
      logits: tensor(labels.shape, logits),
      task_losses: tensor([tasks], losses),
      ...prefixed('grad.', toReference(model, gradients)),
      loss_curve: tensor([curve.length, tasks], curve.flat()),
      ...prefixed('trained.', toReference(model)),
      trained_logits: tensor(labels.shape, await logitsOf(model, batch, engine)),
    };
  } finally {
    model.dispose();
  }
}

/** The batch of a case. Each row has weight 1. */
function batchOf({ input, labels }: ReferenceCase, model: MultiTaskModel): Batch {
  const size = input.shape[0]!;
  const tasks = model.taskNames;
  return {
    ...emptyBatch(size, model.layout, tasks),
    numeric: input.data as Float32Array,
    labels: Float32Array.from(labels.data, (_, i) => labels.data[(i % size) * tasks.length + Math.floor(i / size)]!),
    weights: new Float32Array(labels.data.length).fill(1),
  };
}

/** The logits, row-major [batch, tasks]. */
async function logitsOf(model: MultiTaskModel, batch: Batch, engine: Engine): Promise<number[]> {
  const scorer = await engine.score(model);
  try {
    const logits = await scorer.logits(batch);
    return Array.from({ length: batch.size }, (_, row) => model.taskNames.map((task) => logits[task]![row]!)).flat();
  } finally {
    await scorer.close();
  }
}

/** The task losses, and the gradient of their sum by parameter. */
async function gradientsOf(model: MultiTaskModel, batch: Batch, engine: Engine) {
  const step = await engine.train(model, { optimizer: GRADIENT, clip: {} });
  try {
    const { tasks } = await step.run(batch, 0);
    const slots = await step.readSlots();
    const gradients = model.store.trainable().map(({ name }) => [name, slots[slotName(GRADIENT, 'm', name)]!] as const);
    return { losses: model.taskNames.map((task) => tasks[task]!), gradients: Object.fromEntries(gradients) };
  } finally {
    await step.close();
  }
}

/** Trains the model for the steps of the case. @returns the losses before each step, [step][task] */
async function train(model: MultiTaskModel, batch: Batch, { adam: options }: ReferenceCase, engine: Engine) {
  const { steps, learning_rate: rate, ...moments } = options;
  const step = await engine.train(model, { optimizer: adam(rate, moments), clip: {} });
  const curve: number[][] = [];
  try {
    for (let i = 0; i < steps; i++) {
      const { tasks } = await step.run(batch, rate);
      curve.push(model.taskNames.map((task) => tasks[task]!));
    }
    return curve;
  } finally {
    await step.close();
  }
}

const tensor = (shape: readonly number[], values: readonly number[]): NamedTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});

const prefixed = (prefix: string, tensors: NamedTensors): Record<string, NamedTensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
