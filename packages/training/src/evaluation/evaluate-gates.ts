import {
  anything,
  optional,
  readOptions,
  wholeNumber,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import { WeightTotals, type LevelReport, type MultiTaskModel, type Tasks } from '@polytask/core';
import { gateStatistics, type UnitGate, type Utilization } from '@polytask/metrics';
import { createYielder } from '../event-loop.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts';
import { evaluationBatches, type RowSource } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { DEFAULT_BATCH } from './measure.ts';

export const passOptions = {
  /** Rows in a forward pass. The size changes the result by rounding only. */
  batchSize: optional(wholeNumber(1), DEFAULT_BATCH),
  /** Aborts the evaluation, which then rejects with the reason of the signal. */
  signal: optional(anything as Option<AbortSignal>),
  /** The engine of the forward passes. */
  engine: optional(anything as Option<EngineChoice>, 'auto'),
};

export interface EvaluateGatesOptions extends Written<typeof passOptions>, FromDescription {}

/** Statistics of the gates of one fusion level. Each list has a number for each of `experts`. */
export interface GateUse {
  /** The experts, as columns of W, with the names `unit.index`. */
  readonly experts: readonly string[];
  /** The mean of W over the rows, with the parts of the gates and of constants apart. */
  readonly weights: LevelReport;
  /** The statistics of each output of the level: its weights, their entropy, and the use of the experts. */
  readonly units: Readonly<Record<string, Omit<UnitGate, 'variation'>>>;
  /** The statistics of all outputs together, with equal weights. */
  readonly overall: Omit<Utilization, 'variation'>;
}

/**
 * Measures how the gates of a model use their experts. For each level, the report has the entropy and the utilization of the
 * fusion weights W, as `gateStatistics` of `@polytask/metrics` defines them. W contains the gates and the constant part. Labels
 * are not read.
 *
 * @param rows rows in memory, or a stream of rows
 * @returns one report for each level, from the first to the last
 * @throws PolytaskError when the rows don't fit the model
 * @example
 * const [first] = await evaluateGates(model, test);
 * first.units.click.entropy; // 0: each row takes one expert; log(4): each takes all four alike
 * first.units.click.effectiveExperts; // 1: one expert does all; 4: all four do the same
 * first.overall.shares; // [0.31, 0.22, 0.47, 0]: the last expert is of no use
 */
export async function evaluateGates<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: RowSource<T>,
  options: EvaluateGatesOptions = {},
): Promise<GateUse[]> {
  const { batchSize, signal, engine } = readOptions(options, passOptions, 'evaluateGates');
  checkExamples(model, rows, 'the rows to evaluate');
  const { levels } = model.network;
  if (levels.length === 0) return [];
  const totals = levels.map((level) => new WeightTotals(level));
  const gates = levels.map(({ outputs, experts }) =>
    gateStatistics({ units: outputs.length, experts: experts.length }),
  );
  const yieldToEventLoop = createYielder();
  const scorer = await chooseEngine(engine).score(model);
  try {
    for await (const batch of evaluationBatches(rows, batchSize, [])) {
      signal?.throwIfAborted();
      const weights = await scorer.weights(batch);
      weights.forEach((numbers, l) => {
        const whole = totals[l]!.add(numbers, batch.size);
        if (whole) gates[l]!.update(whole);
      });
      await yieldToEventLoop();
    }
  } finally {
    await scorer.close();
  }
  return levels.map(({ outputs, experts }, l) => {
    const { units, overall } = gates[l]!.compute();
    return {
      experts: experts.map(({ unit, index }) => `${unit}.${index}`),
      weights: totals[l]!.report(),
      units: Object.fromEntries(outputs.map((name, u) => [name, withoutVariation(units[u]!)])),
      overall: withoutVariation(overall),
    };
  });
}

/** Removes `variation`, which counts a masked expert as an unused expert. */
function withoutVariation<U extends Utilization>({ variation: _, ...rest }: U): Omit<U, 'variation'> {
  return rest;
}
