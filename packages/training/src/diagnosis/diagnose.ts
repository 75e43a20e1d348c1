import {
  component,
  type Finding,
  type ModelFamily,
  type Option,
  anything,
  fail,
  optional,
  readOptions,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import { trainerOf, type Batch, type Examples, type MultiTaskModel, type Tasks } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { evaluateGates, passOptions, evaluate } from '../evaluation/evaluate.ts';
import { gradientLengths } from '../evaluation/evaluate-gradients.ts';
import type { TaskPredictions } from '../evaluation/measure.ts';
import type { TaskScores } from '../evaluation/metric-table.ts';
import type { ModelRows } from '../evaluation/bad-scores.ts';
import { judgeGradients, judgeLevel } from './judge-network.ts';
import { judgeTask, type JudgedTask } from './judge.ts';
import { spacedRows, viewOf } from '../rows/rows.ts';

/** The rows that a model was trained on, and others: at least one of them. */
export interface DiagnosedRows<T extends Tasks = Tasks> {
  /** Without them, nobody can tell a model that overfits from one that has learned nothing. */
  readonly train?: Examples<T> | undefined;
  /** Read if there are no test rows. */
  readonly validation?: Examples<T> | undefined;
  /** The rows on which the predictions are judged. Default: the validation rows, or else the training rows. */
  readonly test?: Examples<T> | undefined;
}

const description = {
  /** At most so many rows of each part, evenly spaced. */
  rows: optional(wholeNumber(1), 1000),
  /** The balancer of the training. With one, the lengths of the tasks' gradients aren't judged. Default: the losses were added. */
  balancing: optional(component('balancer')),
  /** Aborts the diagnosis, which then rejects with the reason of the signal. */
  signal: passOptions.signal,
  /** The folder of the model and the file of the rows, for commands in remedies. Default: none. */
  source: optional(anything as Option<ModelRows>),
  /** The engine of the predictions and gates. Experts and gradients are read on the current backend of TensorFlow.js. */
  engine: passOptions.engine,
};

export interface DiagnoseOptions extends Written<typeof description>, FromDescription {}

export const familyOf = ({ config }: MultiTaskModel): ModelFamily =>
  trainerOf(config.network) ? 'trees' : 'gradients';

/** The rows of the pass that reads experts: one that few rows activate isn't dead. */
const EXPERT_ROWS = 256;
/** The rows of the gradients. The noise of few rows lengthens short gradients, so a ratio is rather too small. */
const GRADIENT_ROWS = 64;
/** The most numbers of all tasks' gradients, which are read to the host: of more, the gradients aren't judged. */
const MOST_GRADIENTS = 4e6;

/**
 * Looks for what is wrong with a trained model: constant outputs, AUCs at ½, dead experts, gates that always pick one expert, and tasks
 * whose gradients are drowned by another's. The model stays the same. `inspect` of `@polytask/data` looks at the rows: leaks, and parts
 * that differ. `fit` returns what is wrong with the curve of a training.
 *
 * @returns the findings, each with a remedy in its message; none for a healthy model
 * @throws PolytaskError when there are no rows, they don't fit the model, or an option is unknown
 * @example
 * for (const { kind, message } of await diagnose(model, { train, test })) console.warn(kind, message);
 * // dead-expert Expert income.1 of level 0 gives the same output for all rows: it is dead. Lower the learning rate, …
 */
export async function diagnose<T extends Tasks>(
  model: MultiTaskModel<T>,
  { train, validation, test = validation }: DiagnosedRows<T>,
  options: DiagnoseOptions = {},
): Promise<Finding[]> {
  const { rows, balancing, source, signal, engine } = readOptions(options, description, 'diagnose');
  const first =
    train ?? test ?? fail({ expected: 'rows to diagnose', received: 'none', fix: 'Pass { train, test } or { test }.' });
  const sampleOf = (all: Examples<T>) => viewOf(all, spacedRows(all.size, rows));
  const some = sampleOf(first);
  const read = await judged(model, some, { signal, engine });
  const held = train && test ? await judged(model, sampleOf(test), { signal, engine }) : read;
  const names = model.taskNames;
  const family = familyOf(model);
  const ofTasks = names.flatMap((task, t) =>
    judgeTask(task, model.schema.tasks[task]!, train && read[t], held[t]!, { family, rows: source }),
  );
  if (family === 'trees') return ofTasks;

  const deviations = await expertDeviations(model, some.batch(spacedRows(some.size, EXPERT_ROWS)));
  const uses = await evaluateGates(model, some, { signal, engine });
  const errors = read.map(({ normalizedLoss }) => normalizedLoss);
  const errorOf = (output: string) => errors[names.indexOf(output)] ?? Math.max(...errors);
  const ofExperts = uses.flatMap((use, l) =>
    judgeLevel(l, model.network.levels[l]!, use, deviations[l] ?? [], errorOf),
  );
  signal?.throwIfAborted();
  const numbers = sum(model.store.trainable(), ({ variable }) => variable.size) * names.length;
  const judgesGradients = balancing === undefined && names.length > 1 && numbers <= MOST_GRADIENTS;
  const isConstant = (name: string) =>
    ofTasks.some((each) => each.kind === 'constant-output' && each.about.task === name);
  if (!judgesGradients) return [...ofTasks, ...ofExperts];
  const known = names.map((task, t) => (isConstant(task) ? NaN : errors[t]!)); // a constant output has a reason, and no gradient
  const gradients = await gradientLengths(model, some.batch(spacedRows(some.size, GRADIENT_ROWS)));
  return [...ofTasks, ...ofExperts, ...judgeGradients(names, gradients, known)];
}

async function judged<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  options: Pick<DiagnoseOptions, 'signal' | 'engine'>,
): Promise<JudgedTask[]> {
  const { scores, predictions } = await evaluate(model, rows, { ...options, predictions: true });
  return model.taskNames.map((task) => ({
    predicted: (predictions as Readonly<Record<string, TaskPredictions>>)[task]!,
    normalizedLoss: (scores as Readonly<Record<string, TaskScores>>)[task]!.normalizedLoss!,
  }));
}

/** By level and expert: the largest standard deviation of an output over the rows, as a share of the size of the outputs. */
async function expertDeviations<T extends Tasks>(model: MultiTaskModel<T>, batch: Batch): Promise<number[][]> {
  const levels = tf.tidy(() => {
    const found: tf.Tensor[] = [];
    model.forward(model.toTensors(batch), {
      experts: (outputs) => {
        const deviation = tf.sqrt(tf.max(tf.moments(outputs, 1).variance, -1));
        found.push(tf.stack([deviation, tf.max(tf.abs(outputs), [1, 2])]));
        return outputs;
      },
    });
    return found;
  });
  try {
    return await Promise.all(
      levels.map(async (each) => {
        const [deviations, sizes] = (await each.array()) as [number[], number[]];
        return deviations.map((deviation, e) => (deviation === 0 ? 0 : deviation / sizes[e]!));
      }),
    );
  } finally {
    tf.dispose(levels);
  }
}
