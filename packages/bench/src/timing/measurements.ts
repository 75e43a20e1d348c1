import { productsAlone, writeModel, type HostTensor, type Runtime } from '@polytask/compile';
import { fail, randomStream, type MultiTaskModel } from '@polytask/core';
import { compilePredict } from '@polytask/serving';
import type { BalancerRow, NamedRow } from '@polytask/study';
import { adam, type Engine, type Recipe } from '@polytask/training';
import { traceStep } from '@polytask/training/compiled';
import { measure, type Times } from './measure.ts';
import { randomBatch } from './timed-task.ts';

/** What is timed. */
export interface Timed {
  readonly model: MultiTaskModel;
  readonly engine: Engine;
  /** What runs the graphs of the compiled engine; undefined for an eager one. */
  readonly runtime: Runtime | undefined;
  /** The training batch. */
  readonly batch: number;
  readonly seconds: number;
  /** Batch sizes of inference. */
  readonly inference: readonly number[];
  /** Training steps are timed under these as well. */
  readonly balancers: readonly BalancerRow[];
}

/** Times of one thing, for one number of rows. */
export interface Measured extends Times {
  readonly what: 'train step' | 'inference' | 'matrix products' | 'trace' | 'load';
  readonly batch: number;
  /** Of a balanced training step. */
  readonly balancer?: string;
  /** Its median over that of the plain step. */
  readonly timesPlain?: number;
}

/** Something to take the times of. */
export interface MeasurementRow extends NamedRow {
  lines(timed: Timed): AsyncGenerator<Measured>;
}

const LEARNING_RATE = 1e-3;
const RECIPE: Recipe = { optimizer: adam(LEARNING_RATE), clip: {} };

/** In the order in which they are described; `--what` gives the order in which they are taken. */
export const measurements: readonly MeasurementRow[] = [
  { name: 'train', description: 'a training step: forward, loss, backward, Adam', lines: trainSteps },
  { name: 'inference', description: 'probabilities of all tasks, of encoded rows', lines: inferences },
  { name: 'products', description: "the training step's matrix products alone, in the same runtime", lines: products },
  { name: 'start', description: 'tracing and writing the training step, and loading it, once each', lines: start },
];

async function* trainSteps({ balancers, ...timed }: Timed): AsyncGenerator<Measured> {
  const plain = await stepTimes(timed, RECIPE);
  yield { what: 'train step', batch: timed.batch, ...plain };
  for (const { name, spec } of balancers) {
    if (!spec) continue; // the plain step
    const times = await stepTimes(timed, { ...RECIPE, balancing: spec });
    yield {
      balancer: name,
      what: 'train step',
      batch: timed.batch,
      ...times,
      timesPlain: Number((times.median / plain.median).toFixed(2)),
    };
  }
}

async function stepTimes(
  { model, engine, batch: size, seconds }: Omit<Timed, 'balancers'>,
  recipe: Recipe,
): Promise<Times> {
  const step = await engine.train(model, recipe);
  try {
    const batch = randomBatch(model, size);
    return await measure(() => step.run(batch, LEARNING_RATE), seconds);
  } finally {
    await step.close();
  }
}

async function* inferences({ model, runtime, seconds, inference }: Timed): AsyncGenerator<Measured> {
  for (const size of inference) {
    const batch = randomBatch(model, size);
    const predictor = runtime && (await compilePredict(model, { runtime }));
    const predict = async () => (predictor ?? model).predict(batch);
    try {
      yield { what: 'inference', batch: size, ...(await measure(predict, seconds / 3)) };
    } finally {
      await predictor?.dispose();
    }
  }
}

async function* products({ model, runtime, batch, seconds }: Timed): AsyncGenerator<Measured> {
  const { threads, load } = compiledOnly(runtime, 'products');
  const { graph, outputs } = productsAlone(traceStep(model, RECIPE, batch, threads).recorded);
  const random = randomStream(1, 'products');
  const feeds = graph.inputs.map(({ input, shape }): [string, HostTensor] => [
    input!,
    { type: 'float32', shape, data: random.normal(shape.reduce((size, side) => size * side, 1)) },
  ]);
  const session = await load(writeModel(graph, outputs));
  try {
    const given = Object.fromEntries(feeds);
    yield { what: 'matrix products', batch, ...(await measure(() => session.run(given), seconds / 3)) };
  } finally {
    await session.release();
  }
}

async function* start({ model, runtime, batch }: Timed): AsyncGenerator<Measured> {
  const { threads, load } = compiledOnly(runtime, 'start');
  const began = performance.now();
  const { file } = traceStep(model, RECIPE, batch, threads);
  const traced = performance.now();
  const session = await load(file);
  const loaded = performance.now();
  await session.release();
  yield { what: 'trace', batch, ...once(traced - began) };
  yield { what: 'load', batch, ...once(loaded - traced) };
}

const once = (milliseconds: number): Times => {
  const median = Number(milliseconds.toFixed(3));
  return { p10: median, median, p90: median, runs: 1 };
};

function compiledOnly(runtime: Runtime | undefined, what: string): Runtime {
  return (
    runtime ??
    fail({ expected: `the compiled engine for --what ${what}`, received: 'an eager one', mend: 'Leave out --engine.' })
  );
}
