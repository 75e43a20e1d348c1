import {
  checkOptions,
  checks,
  WeightTotals,
  type LevelReport,
  type MultiTaskModel,
  type Options,
  type Tasks,
} from '@polytask/core';
import { gateStatistics, type UnitGate, type Utilization } from '@polytask/metrics';
import { createYielder } from '../event-loop.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose-engine.ts';
import { anything } from '../option-checks.ts';
import { evaluationBatches, type Rows } from '../rows/rows.ts';
import { checkExamples } from './check-examples.ts';
import { DEFAULT_BATCH } from './measure.ts';

export interface EvaluateGatesOptions {
  /** Rows a forward pass; no effect on the result beyond rounding. Default 4096. */
  batchSize?: number;
  /** Rejects with its reason when it is aborted. */
  signal?: AbortSignal | undefined;
  /** What runs the passes. Default: the compiled engine where it runs, as for `evaluate`. */
  engine?: EngineChoice | undefined;
}

/** What the gates of one fusion level do with its experts. Each list has a number for each of `experts`. */
export interface GateUse {
  /** The columns of W: `unit.index`. */
  readonly experts: readonly string[];
  /** W itself: its mean over the rows, what depends on the row and what doesn't apart. */
  readonly weights: LevelReport;
  /** By the level's outputs: its weights, how decided they are (`entropy`), and how evenly it uses the experts. */
  readonly units: Readonly<Record<string, Omit<UnitGate, 'variation'>>>;
  /** All outputs together, each counting the same. */
  readonly overall: Omit<Utilization, 'variation'>;
}

const allowed: Options<EvaluateGatesOptions> = {
  batchSize: checks.optional(checks.wholeNumber(1)),
  signal: anything,
  engine: anything,
};

/**
 * How a model's gates use their experts over some rows, level by level: entropy and utilization of W, gates and constant
 * part together, row by row, as `gateStatistics` of `@polytask/metrics` defines them. Labels are not read.
 *
 * @param rows in memory or streamed
 * @returns a report a level, from the first on; none for a network without levels
 * @throws PolytaskError when the rows don't fit the model
 * @example
 * const [first] = await evaluateGates(model, test);
 * first.units.click.entropy; // 0: each row takes one expert; log(4): each takes all four alike
 * first.units.click.effectiveExperts; // 1: one expert does all; 4: all four do the same
 * first.overall.shares; // [0.31, 0.22, 0.47, 0]: the last expert is of no use
 */
export async function evaluateGates<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Rows<T>,
  options: EvaluateGatesOptions = {},
): Promise<GateUse[]> {
  const { batchSize = DEFAULT_BATCH, signal } = options;
  checkOptions(options, allowed, 'evaluateGates');
  checkExamples(model, rows, 'the rows to evaluate');
  const { levels } = model.network;
  if (levels.length === 0) return [];
  const totals = levels.map((level) => new WeightTotals(level));
  const gates = levels.map(({ outputs, experts }) =>
    gateStatistics({ units: outputs.length, experts: experts.length }),
  );
  const yieldToEventLoop = createYielder();
  const scorer = await chooseEngine(options.engine).score(model);
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

/** It would count an expert that a unit can't see as one that it doesn't use. */
function withoutVariation<U extends Utilization>({ variation: _, ...rest }: U): Omit<U, 'variation'> {
  return rest;
}
