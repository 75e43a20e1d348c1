import type { NamedEntry } from '@polytask/components';
import { type HostTensor, productsAlone, type Runtime, writeModel } from '@polytask/compile';
import { fail, type MultiTaskModel, randomStream } from '@polytask/core';
import { compilePredict, type CompilePredictOptions } from '@polytask/serving';
import type { BalancerEntry } from '@polytask/study';
import { adam, type Engine, type Recipe } from '@polytask/training';
import { tracePass } from '@polytask/training/compiled';
import { randomBatch, buildTimed } from './timed-task.ts';
import { RESERVED, type TimedConfiguration, type TimedModel } from './configurations.ts';

export interface Timed {
  readonly model: MultiTaskModel;
  readonly engine: Engine;
  /** The runtime of the compiled engine's graphs. Undefined for an eager engine. */
  readonly runtime: Runtime | undefined;
  readonly precision?: CompilePredictOptions['precision'];
  readonly batch: number;
  readonly batches: number;
  readonly seconds: number;
  readonly inference: readonly number[];
  readonly balancers: readonly BalancerEntry[];
}

export interface Measured extends Times {
  readonly what: 'train step' | 'inference' | 'matrix products' | 'trace' | 'load';
  readonly batch: number;
  /** The balancer of a training step. Undefined for the plain step. */
  readonly balancer?: string;
  /** The median of a balanced step over the median of the plain step. */
  readonly timesPlain?: number;
}

export interface MeasurementEntry extends NamedEntry {
  lines(timed: Timed): AsyncGenerator<Measured>;
}

const LEARNING_RATE = 1e-3;
const RECIPE: Recipe = { optimizer: adam(LEARNING_RATE), clip: {} };
const PLAIN = { kind: 'plain', clip: RECIPE.clip } as const;

export const measurements: readonly MeasurementEntry[] = [
  { name: 'train', description: 'a training step: forward, loss, backward, Adam', lines: trainSteps },
  { name: 'inference', description: 'probabilities of all tasks, of encoded rows', lines: inferences },
  { name: 'products', description: "the training step's matrix products alone, in the same runtime", lines: products },
  { name: 'start', description: 'tracing and writing the training step, and loading it, once each', lines: start },
];

async function* trainSteps({ balancers, ...timed }: Timed): AsyncGenerator<Measured> {
  const step = { what: 'train step', batch: timed.batch } as const;
  const plain = await stepTimes(timed, RECIPE);
  yield { ...step, ...plain };
  for (const { name, spec } of balancers) {
    if (!spec) continue; // no balancer: the plain step
    const times = await stepTimes(timed, { ...RECIPE, balancing: spec });
    const timesPlain = Number((times.median / plain.median).toFixed(2));
    yield { balancer: name, ...step, ...times, timesPlain };
  }
}

async function stepTimes(
  { model, engine, batch: size, batches: count, seconds }: Omit<Timed, 'balancers'>,
  recipe: Recipe,
): Promise<Times> {
  const step = await engine.train(model, recipe);
  try {
    const batches = Array.from({ length: count }, (_, turn) => randomBatch(model, size, turn));
    let turn = 0;
    return await measure(() => step.run(batches[turn++ % count]!, LEARNING_RATE), seconds);
  } finally {
    await step.close();
  }
}

async function* inferences({ model, runtime, precision, seconds, inference }: Timed): AsyncGenerator<Measured> {
  for (const size of inference) {
    const batch = randomBatch(model, size);
    const predictor = runtime && (await compilePredict(model, { runtime, precision }));
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
  const { graph, outputs } = productsAlone(tracePass(model, { ...PLAIN, size: batch, threads }).recorded);
  const random = randomStream(1, 'products');
  const feeds = graph.inputs.map(({ input, shape }): [string, HostTensor] => [
    input!,
    { type: 'float32', shape, data: random.normal(shape.reduce((size, side) => size * side, 1)) },
  ]);
  const session = await load(writeModel(graph, outputs));
  try {
    const inputs = Object.fromEntries(feeds);
    yield { what: 'matrix products', batch, ...(await measure(() => session.run(inputs), seconds / 3)) };
  } finally {
    await session.release();
  }
}

async function* start({ model, runtime, batch }: Timed): AsyncGenerator<Measured> {
  const { threads, load } = compiledOnly(runtime, 'start');
  const startTime = performance.now();
  const { file } = tracePass(model, { ...PLAIN, size: batch, threads });
  const traceEnd = performance.now();
  const session = await load(file);
  const loadEnd = performance.now();
  await session.release();
  yield { what: 'trace', batch, ...once(traceEnd - startTime) };
  yield { what: 'load', batch, ...once(loadEnd - traceEnd) };
}

const once = (milliseconds: number): Times => {
  const median = Number(milliseconds.toFixed(3));
  return { p10: median, median, p90: median, runs: 1 };
};

function compiledOnly(runtime: Runtime | undefined, what: string): Runtime {
  return (
    runtime ??
    fail({ expected: `the compiled engine for --what ${what}`, received: 'an eager one', fix: 'Leave out --engine.' })
  );
}

/** Milliseconds of a call: quantiles over several runs. */
type Times = Awaited<ReturnType<typeof measure>>;

const WARM_UP = 3;
const FEWEST = 8;

/** Times a function. It runs three times to warm up, then for `seconds` seconds and at least eight times. */
export async function measure(call: () => Promise<unknown>, seconds: number) {
  for (let i = 0; i < WARM_UP; i++) await call();
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until || times.length < FEWEST) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Number(times[Math.floor(share * times.length)]!.toFixed(3));
  return { p10: at(0.1), median: at(0.5), p90: at(0.9), runs: times.length };
}

/** A line of `polytask time --json`. Its fields are those of the PyTorch library's timing script, so that lines can be paired. */
export interface TimedLine extends Measured {
  readonly framework: string;
  readonly engine: string;
  readonly model: string;
  readonly config: string;
  readonly threads: number;
  readonly parameters: number;
  /** The rows of the embedding table but the reserved ones. Undefined without embeddings. */
  readonly ids?: number;
  /** The resident memory of the process after the measurement, in bytes. */
  readonly rss: number;
}

interface TimeOptions extends Omit<Timed, 'model' | 'batch' | 'batches'> {
  readonly engineName: string;
  readonly framework: string;
  readonly threads: number;
  readonly what: readonly MeasurementEntry[];
}

export async function* timeModel(
  model: TimedModel,
  configuration: TimedConfiguration,
  options: TimeOptions,
): AsyncGenerator<TimedLine> {
  const { batch, batches = 1, embeddings } = configuration;
  const timed: Timed = { ...options, model: buildTimed(model, configuration), batch, batches };
  const { engineName: engine, framework, threads, what } = options;
  const { parameterCount: parameters } = timed.model;
  const ids = embeddings && { ids: embeddings.fields * (embeddings.values - RESERVED) };
  const row = { framework, engine, model: model.also[0], config: configuration.name, threads, parameters, ...ids };
  try {
    for (const { lines } of what)
      for await (const line of lines(timed)) yield { ...row, ...line, rss: process.memoryUsage.rss() };
  } finally {
    timed.model.dispose();
  }
}
