import { RESERVED, type TimedConfiguration, type TimedModel } from './configurations.ts';
import type { Measured, MeasurementEntry, Timed } from './measurements.ts';
import { buildTimed } from './timed-task.ts';

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
  /** The name of the engine in the lines. */
  readonly engineName: string;
  readonly framework: string;
  readonly threads: number;
  /** The measurements to take, in this order. */
  readonly what: readonly MeasurementEntry[];
}

/** Times one model. @returns the lines, one after the other */
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
  const row = { framework, engine, model: model.alias, config: configuration.name, threads, parameters, ...ids };
  try {
    for (const { lines } of what)
      for await (const line of lines(timed)) yield { ...row, ...line, rss: process.memoryUsage.rss() };
  } finally {
    timed.model.dispose();
  }
}
