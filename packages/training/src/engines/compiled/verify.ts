import type { HostTensor, Runtime } from '@polytask/compile';
import { tensorDifference } from '@polytask/compile/internal';
import { PolytaskError, type MultiTaskModel, type Tasks } from '@polytask/core';
import { batchFeeds, batchInputs, COMPARED_ROWS, gatherBatch, loadGraph, parameterInput } from '@polytask/graphs';
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe, Scorer } from '../../engine.ts';
import { withTrainedRows } from '../../optimizers/tables/row-variables.ts';
import { eagerEngine } from '../eager-engine.ts';
import { compiledScorer } from './compiled-scorer.ts';
import { probeBatch } from './probe-batch.ts';
import { plainPass, tableGradients, traceStep, type TracedPass } from './compiled-passes.ts';

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
  const fault = tensorDifference(
    await runGraph(model, traced, draws, runtime),
    await runEagerly(model, recipe, draws),
    STRICTNESS,
  );
  if (fault !== undefined) refuse(runtime, 'losses and gradients', fault);
}

/**
 * Computes the logits of a few rows with the runtime, and compares them with those of the current backend of TF.js.
 *
 * @throws Error when the runtime can't start
 * @throws PolytaskError with the first difference, when there is one
 */
export async function verifyScores<T extends Tasks>(model: MultiTaskModel<T>, runtime: Runtime): Promise<void> {
  const batch = probeBatch(model, COMPARED_ROWS);
  const logitsOf = async (scorer: Scorer): Promise<HostTensor[]> => {
    const logits = await scorer.logits(batch);
    return model.taskNames.map((task) => {
      const data = logits[task] as Float32Array;
      return { type: 'float32', shape: [data.length], data };
    });
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

/** The outputs to compare: losses, and the gradients of parameters and of the gathered rows of tables. */
const outputNames = ({ store }: Pick<MultiTaskModel, 'store'>): string[] => [
  'losses',
  'gradients',
  ...store.tables().map(({ name }) => tableGradients(name)),
];

/** Numbers between 0 and 1 for a random tensor: the streams of the model must not advance. */
const fractions = (shape: readonly number[]): HostTensor => ({
  type: 'float32',
  shape,
  data: Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => (0.3 + 0.618034 * i) % 1),
});

/** The losses and gradients that the graph computes. */
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
    const data = await variable.data<'float32'>();
    all.set(parameterInput(name), { type: 'float32', shape: variable.shape, data });
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

/** The losses and gradients that the backend of TensorFlow.js computes. */
async function runEagerly<T extends Tasks>(
  model: MultiTaskModel<T>,
  recipe: Recipe,
  draws: readonly HostTensor[],
): Promise<HostTensor[]> {
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
    return await Promise.all(
      tensors.map(async (tensor): Promise<HostTensor> => {
        return { type: 'float32', shape: tensor.shape, data: await tensor.data<'float32'>() };
      }),
    );
  } finally {
    buffers.forEach(({ variable }, i) => variable.assign(before[i]!));
    tf.dispose([...before, ...tensors]);
  }
}
