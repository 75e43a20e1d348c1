import type { HostTensor, Runtime } from '@polytask/compile';
import { tensorDifference } from '@polytask/compile/internal';
import {
  PolytaskError,
  type MultiTaskModel,
  type Tasks,
  labelsOf,
  emptyBatch,
  type Batch,
  madeUpLabel,
  BATCH_PARTS,
  featureParts,
  isIndexPart,
} from '@polytask/core';
import { batchFeeds, batchInputs, COMPARED_ROWS, gatherBatch, loadGraph, parameterInput } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe, Scorer } from '../../engine.ts';
import { withTrainedRows } from '../../optimizers/tables/row-variables.ts';
import { eagerEngine } from '../eager-engine.ts';
import { plainPass, tableGradients } from '../../balancing/passes.ts';
import { compiledScorer, tensorOf, tracePass, type TracedPass } from './compiled-passes.ts';

/** A backend on a phone may compute in float16. A wrong operation gives other numbers, not the last digits of them. */
const STRICTNESS = { dtypes: true, tolerance: 1e-2 };

/** Compares losses and gradients of a few rows with those of TF.js's backend. The model and its random streams stay. @throws PolytaskError */
export async function verifyStep<T extends Tasks>(model: MultiTaskModel<T>, recipe: Recipe, runtime: Runtime) {
  const request = { kind: 'plain', clip: recipe.clip, size: COMPARED_ROWS, threads: runtime.threads } as const;
  const traced = tracePass(model, request);
  const draws = traced.draws.map(({ draw }) => fractions(draw.shape));
  const computed = await runGraph(model, traced, draws, runtime);
  const fault = tensorDifference(computed, await runEagerly(model, recipe, draws), STRICTNESS);
  if (fault !== undefined) refuse(runtime, 'losses and gradients', fault);
}

/** Compares the logits of a few rows with those of TF.js's backend. @throws PolytaskError with the first difference */
export async function verifyScores<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Promise<void> {
  const batch = probeBatch(model, COMPARED_ROWS);
  const logitsOf = async (scorer: Scorer): Promise<HostTensor[]> => {
    const logits = await scorer.logits(batch);
    return model.taskNames.map((task) => tensorOf(logits[task]!));
  };
  const compiled = compiledScorer(model, runtime);
  try {
    const expected = await logitsOf(await eagerEngine.score(model));
    const fault = tensorDifference(await logitsOf(compiled), expected, STRICTNESS);
    if (fault !== undefined) refuse(runtime, 'logits', fault);
  } finally {
    await compiled.close();
  }
}

function refuse({ name }: Runtime, what: string, fault: string): never {
  throw new PolytaskError(
    `Expected ${name} to compute the ${what} that the backend "${tf.getBackend()}" of TensorFlow.js computes, received a ` +
      `difference: ${fault}. Pass engine: 'eager', and report this model.`,
  );
}

const outputNames = ({ store }: Pick<MultiTaskModel, 'store'>): string[] => [
  'losses',
  'gradients',
  ...store.tables().map(({ name }) => tableGradients(name)),
];

/** Numbers between 0 and 1 for a random tensor: the streams of the model must not advance. */
const fractions = (shape: readonly number[]): HostTensor =>
  tensorOf(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => (0.3 + 0.618034 * i) % 1),
    shape,
  );

async function runGraph<T extends Tasks>(
  model: MultiTaskModel<T>,
  traced: TracedPass,
  draws: readonly HostTensor[],
  runtime: Runtime,
): Promise<HostTensor[]> {
  const batch = gatherBatch(model, probeBatch(model, COMPARED_ROWS));
  const all = new Map(Object.entries(batchFeeds(batchInputs(model, COMPARED_ROWS), batch)));
  traced.draws.forEach(({ name }, i) => all.set(name, draws[i]!));
  for (const { name, variable } of model.store.all()) {
    all.set(parameterInput(name), tensorOf(await variable.data<'float32'>(), variable.shape));
  }
  const { session, inputs } = await loadGraph((file) => runtime.load(file), traced);
  try {
    const feeds = [...inputs].map(([name, shape]) => [name, { ...all.get(name)!, shape }] as const);
    const results = await session.run(Object.fromEntries(feeds));
    return outputNames(model).map((name) => results[name]!);
  } finally {
    await session.release();
  }
}

async function runEagerly<T extends Tasks>(model: MultiTaskModel<T>, recipe: Recipe, draws: readonly HostTensor[]) {
  await tf.ready();
  const buffers = model.store.all().filter(({ trainable }) => !trainable);
  const before = buffers.map(({ variable }) => tf.clone(variable)); // a step updates running means
  const batch = gatherBatch(model, probeBatch(model, COMPARED_ROWS));
  let tensors: tf.Tensor[] = [];
  try {
    tensors = withTrainedRows(model, batch, (rows, tables) => {
      const provide = (_: unknown, i: number) => tf.tensor(draws[i]!.data, [...draws[i]!.shape], 'float32');
      const pass = plainPass(model, rows, { tables, clip: recipe.clip, provide });
      return outputNames(model).map((name) => pass.tensors[name]!);
    });
    return await Promise.all(tensors.map(async (each) => tensorOf(await each.data<'float32'>(), each.shape)));
  } finally {
    buffers.forEach(({ variable }, i) => variable.assign(before[i]!));
    tf.dispose([...before, ...tensors]);
  }
}

/** Different rows with labels, four to a group. Numbers are between −1 and 1, and ids are the first two rows of their field. */
export function probeBatch<T extends Tasks>(model: MultiTaskModel<T>, rows: number): Batch {
  const { layout, schema, taskNames } = model;
  const batch = emptyBatch(rows, layout, taskNames);
  batch.numeric.forEach((_, i) => (batch.numeric[i] = Math.sin(1 + 7 * i)));
  batch.bagWeights.fill(1);
  for (const place of layout.places) {
    for (const { part, column, width, offset } of featureParts(place)) {
      if (!isIndexPart(part)) continue;
      const columns = BATCH_PARTS[part].width(layout);
      for (let row = 0; row < rows; row++) {
        for (let c = column; c < column + width; c++) batch[part][row * columns + c] = offset + ((row + c) % 2);
      }
    }
  }
  for (const task of taskNames)
    labelsOf(batch, task).labels.forEach((_, row, labels) => {
      labels[row] = madeUpLabel(schema.tasks[task]!, Math.cos(row));
    });
  batch.weights.fill(1);
  return { ...batch, groups: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 4)) };
}
