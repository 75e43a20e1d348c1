import { emptyBatch, randomStream, type Batch, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';

/** A run of numbers in all trained parameters, end to end. */
export interface Part {
  readonly from: number;
  readonly size: number;
}

/** Which parameters tasks share, and which one task has to itself. */
export interface SharedParts {
  /** Reached by several tasks, or by none in particular; in the order of the parameters. */
  readonly shared: readonly Part[];
  /** How many numbers those are. */
  readonly sharedSize: number;
  /** Reached by one task alone: a member of a bank of towers, a gate's row. */
  readonly own: readonly (Part & { readonly task: number })[];
}

const ROWS = 8;

/** A hard gate may be shut, a unit dead: what several draws of the parameters don't reach isn't there. */
const DRAWS = 4;

/**
 * Finds the shared parameters from the model itself: which tasks' losses give a slice of a parameter, along its first
 * side, a gradient. The parameters have random numbers meanwhile, so that one that starts at 0 hides nothing; afterwards
 * they have their own again. The same model always gives the same parts.
 */
export async function findSharedParts<T extends Tasks>(model: MultiTaskModel<T>): Promise<SharedParts> {
  const parameters = model.store.trainable();
  const before = parameters.map(({ variable }) => tf.clone(variable));
  const slices = parameters.map(({ variable }) => variable.shape[0] ?? 1);
  const reached = model.taskNames.map(() => slices.map((count) => new Uint8Array(count)));
  try {
    for (let draw = 0; draw < DRAWS; draw++) {
      tf.tidy(() => parameters.forEach(({ name, variable }) => variable.assign(randomValue(variable.shape, `${name}.${draw}`))));
      for (const [t] of model.taskNames.entries()) await mark(model, probe(model, draw), t, reached[t]!);
    }
  } finally {
    parameters.forEach(({ variable }, i) => variable.assign(before[i]!));
    tf.dispose(before);
  }
  return partsOf(parameters.map(({ variable }) => variable.size), slices, reached);
}

/** Numbers that keep activations near 1, where nothing saturates. */
function randomValue(shape: readonly number[], path: string): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const fan = shape.length > 1 ? shape.at(-2)! : 4;
  return tf.tensor(randomStream(0, `reach.${path}`).normal(size, 0, Math.min(0.5, 1 / Math.sqrt(fan))), [...shape]);
}

/** Rows in which every task has a label. */
function probe<T extends Tasks>(model: MultiTaskModel<T>, draw: number): Batch {
  const batch = emptyBatch(ROWS, model.layout);
  batch.numeric.set(randomStream(0, `reach.rows.${draw}`).normal(batch.numeric.length));
  batch.bagWeights.fill(1);
  const column = (value: number) => Object.fromEntries(model.taskNames.map((task) => [task, new Float32Array(ROWS).fill(value)]));
  return { ...batch, labels: column(0), weights: column(1) };
}

/** Marks the slices in which a task's gradient has anything but zeros. */
async function mark<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch, task: number, reached: readonly Uint8Array[]): Promise<void> {
  const variables = model.store.trainable().map(({ variable }) => variable);
  const name = model.taskNames[task]!;
  const { value, grads } = tf.tidy(() => tf.variableGrads(() => model.losses(model.toTensors(batch)).tasks[name], variables));
  try {
    for (const [i, variable] of variables.entries()) {
      const gradient = grads[variable.name];
      if (!gradient) continue;
      const numbers = await gradient.data();
      const size = variable.size / reached[i]!.length;
      for (let p = 0; p < numbers.length; p++) if (numbers[p] !== 0) reached[i]![Math.floor(p / size)] = 1;
    }
  } finally {
    tf.dispose([value, grads]);
  }
}

/** Neighbouring slices of one kind become one part. */
function partsOf(sizes: readonly number[], slices: readonly number[], reached: readonly (readonly Uint8Array[])[]): SharedParts {
  const parts: { from: number; size: number; task: number }[] = [];
  let from = 0;
  sizes.forEach((size, i) => {
    const each = size / slices[i]!;
    for (let s = 0; s < slices[i]!; s++, from += each) {
      const tasks = reached.flatMap((marks, t) => (marks[i]![s] ? [t] : []));
      const task = tasks.length === 1 ? tasks[0]! : -1;
      const last = parts.at(-1);
      if (last?.task === task) last.size += each;
      else parts.push({ from, size: each, task });
    }
  });
  const shared = parts.filter(({ task }) => task < 0).map((part) => ({ from: part.from, size: part.size }));
  return { shared, sharedSize: shared.reduce((sum, { size }) => sum + size, 0), own: parts.filter(({ task }) => task >= 0) };
}
