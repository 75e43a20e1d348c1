import { binary, denseSchema, multiTaskModel, randomStream, type Batch, type Tasks } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { adam, type Engine } from '@polytask/training';
import type { TimedConfiguration, TimedModel } from './configurations.ts';
import { measure, type Times } from './measure.ts';

/** A line of `polytask time --json`: the fields of the authors' library's timing script, so that lines can be paired. */
export interface TimedLine extends Times {
  readonly framework: string;
  readonly engine: string;
  readonly model: string;
  readonly config: string;
  readonly threads: number;
  readonly parameters: number;
  readonly what: 'train step' | 'inference';
  readonly batch: number;
}

export interface TimeOptions {
  readonly engine: Engine;
  readonly engineName: string;
  readonly framework: string;
  readonly threads: number;
  readonly seconds: number;
  /** Batch sizes of inference. */
  readonly inference: readonly number[];
}

const LEARNING_RATE = 1e-3;
const POSITIVE = 0.3;

/** Times a training step (forward, loss, backward, Adam) and inference of one model, one line after the other. */
export async function* timeModel(model: TimedModel, configuration: TimedConfiguration, options: TimeOptions): AsyncGenerator<TimedLine> {
  const { engine, seconds, inference } = options;
  const names = Array.from({ length: configuration.tasks }, (_, t) => `task${t + 1}`);
  const tasks: Tasks = Object.fromEntries(names.map((name) => [name, binary()]));
  const schema = denseSchema(configuration.inputDim, tasks);
  const built = multiTaskModel({ schema, network: model.network(configuration), tower: mlp(configuration.tower), seed: 1 });
  const row = {
    framework: options.framework,
    engine: options.engineName,
    model: model.alias,
    config: configuration.name,
    threads: options.threads,
    parameters: built.parameterCount,
  };
  const step = await engine.train(built, { optimizer: adam(LEARNING_RATE), clip: {} });
  const scorer = await engine.score(built);
  try {
    const batch = randomBatch(names, configuration.batch, configuration.inputDim);
    yield { ...row, what: 'train step', batch: batch.size, ...(await measure(() => step.run(batch, LEARNING_RATE), seconds)) };
    await step.flush();
    for (const size of inference) {
      const rows = randomBatch(names, size, configuration.inputDim);
      yield { ...row, what: 'inference', batch: size, ...(await measure(() => scorer.logits(rows), seconds / 3)) };
    }
  } finally {
    await step.close();
    await scorer.close();
    built.dispose();
  }
}

function randomBatch(tasks: readonly string[], size: number, width: number): Batch {
  const random = randomStream(1, `batch.${size}`);
  const column = (values: () => Float32Array) => Object.fromEntries(tasks.map((task) => [task, values()]));
  return {
    size,
    numeric: random.normal(size * width),
    ids: new Int32Array(0),
    bagIds: new Int32Array(0),
    bagWeights: new Float32Array(0),
    labels: column(() => random.uniform(size).map((u) => Number(u < POSITIVE))),
    weights: column(() => new Float32Array(size).fill(1)),
  };
}
