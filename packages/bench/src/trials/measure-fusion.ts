import { fusionWeightsAsync, type Examples, type LevelReport, type MultiTaskModel } from '@polytask/core';
import { gateStatistics } from '@polytask/metrics';
import { compiledWeights } from './compiled-weights.ts';
import { rounded } from './rounded.ts';
import type { TrialJob } from './trial-job.ts';
import type { FusionLevel } from './trial.ts';

const DIGITS = 5;
const BATCH = 4096;

/**
 * The fusion weights of a model over some rows, level by level, and how evenly each lane takes from its experts: what
 * metrics' `gateStatistics` says of W, gates and constant part together, row by row.
 */
export async function measureFusion(model: MultiTaskModel, rows: Examples, engine: TrialJob['engine']): Promise<FusionLevel[]> {
  const gates = model.network.levels.map(({ outputs, experts }) => gateStatistics({ units: outputs.length, experts: experts.length }));
  const compiled = engine === 'compiled' ? await compiledWeights(model, BATCH) : undefined;
  const reports = await fusionWeightsAsync(model, rows, {
    batchSize: BATCH,
    onWeights: (weights, level) => void gates[level]!.update(weights),
    ...(compiled && { pass: compiled.pass }),
  }).finally(() => compiled?.dispose());
  return reports.map((report, l) => {
    const units = gates[l]!.compute().units;
    return {
      ...compact(report),
      ...(!isChoice(report) && { entropy: units.map(({ entropy }) => rounded(entropy, DIGITS)), effectiveExperts: units.map(({ effectiveExperts }) => rounded(effectiveExperts, DIGITS)) }),
    };
  });
}

/** Whether each lane takes one expert, the same for all rows: there is nothing to be even. */
const isChoice = ({ gated, gatedDeviation, constant }: LevelReport): boolean =>
  [gated, gatedDeviation].flat(2).every((value) => value === 0) && constant.every((row) => row.filter((value) => value !== 0).length === 1);

const compact = ({ outputs, experts, gated, gatedDeviation, constant }: LevelReport): FusionLevel => {
  const table = (values: number[][]) => values.map((row) => row.map((value) => rounded(value, DIGITS)));
  return {
    outputs: [...outputs],
    experts: experts.map(({ unit, index }) => `${unit}.${index}`),
    gated: table(gated),
    gatedDeviation: table(gatedDeviation),
    constant: table(constant),
  };
};
