import type { Runtime } from '@polytask/compile';
import type { BalancerRow } from '@polytask/study';
import type { Engine } from '@polytask/training';
import type { TimedConfiguration, TimedModel } from './configurations.ts';
import type { Measured, MeasurementRow } from './measurements.ts';
import { buildTimed } from './timed-task.ts';

/** A line of `polytask time --json`: the fields of the authors' library's timing script, so that lines can be paired. */
export interface TimedLine extends Measured {
  readonly framework: string;
  readonly engine: string;
  readonly model: string;
  readonly config: string;
  readonly threads: number;
  readonly parameters: number;
}

export interface TimeOptions {
  readonly engine: Engine;
  readonly engineName: string;
  /** What runs the graphs of the compiled engine. */
  readonly runtime: Runtime | undefined;
  readonly framework: string;
  readonly threads: number;
  readonly seconds: number;
  /** What to time, in this order. */
  readonly what: readonly MeasurementRow[];
  /** Batch sizes of inference. */
  readonly inference: readonly number[];
  /** Training steps are timed under these as well. */
  readonly balancers: readonly BalancerRow[];
}

/** Times one model, one line after the other. */
export async function* timeModel(
  model: TimedModel,
  configuration: TimedConfiguration,
  options: TimeOptions,
): AsyncGenerator<TimedLine> {
  const built = buildTimed(model, configuration);
  const { engine, engineName, runtime, framework, threads, seconds, what, inference, balancers } = options;
  const row = {
    framework,
    engine: engineName,
    model: model.alias,
    config: configuration.name,
    threads,
    parameters: built.parameterCount,
  };
  try {
    for (const { lines } of what) {
      for await (const line of lines({
        model: built,
        engine,
        runtime,
        batch: configuration.batch,
        seconds,
        inference,
        balancers,
      }))
        yield { ...row, ...line };
    }
  } finally {
    built.dispose();
  }
}
