import type { TimedConfiguration, TimedModel } from './configurations.ts';
import type { Measured, MeasurementRow, Timed } from './measurements.ts';
import { buildTimed } from './timed-task.ts';

/** A line of `polytask time --json`. Its fields are those of the PyTorch library's timing script, so that lines can be paired. */
export interface TimedLine extends Measured {
  readonly framework: string;
  readonly engine: string;
  readonly model: string;
  readonly config: string;
  readonly threads: number;
  readonly parameters: number;
}

interface TimeOptions extends Omit<Timed, 'model' | 'batch'> {
  /** The name of the engine in the lines. */
  readonly engineName: string;
  readonly framework: string;
  readonly threads: number;
  /** The measurements to take, in this order. */
  readonly what: readonly MeasurementRow[];
}

/** Times one model. @returns the lines, one after the other */
export async function* timeModel(
  model: TimedModel,
  configuration: TimedConfiguration,
  options: TimeOptions,
): AsyncGenerator<TimedLine> {
  const timed: Timed = { ...options, model: buildTimed(model, configuration), batch: configuration.batch };
  const { engineName: engine, framework, threads, what } = options;
  const { parameterCount: parameters } = timed.model;
  const row = { framework, engine, model: model.alias, config: configuration.name, threads, parameters };
  try {
    for (const { lines } of what) for await (const line of lines(timed)) yield { ...row, ...line };
  } finally {
    timed.model.dispose();
  }
}
