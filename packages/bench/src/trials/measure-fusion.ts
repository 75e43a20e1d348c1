import { fusionWeights, type Examples, type LevelReport, type MultiTaskModel } from '@polytask/core';
import { gateStatistics } from '@polytask/metrics';
import { rounded } from './rounded.ts';
import type { FusionLevel } from './trial.ts';

const DIGITS = 5;

/**
 * The fusion weights of a model over some rows, level by level, and how evenly each lane takes from its experts: what
 * metrics' `gateStatistics` says of W, gates and constant part together, row by row.
 */
export function measureFusion(model: MultiTaskModel, rows: Examples): FusionLevel[] {
  const gates = model.network.levels.map(({ outputs, experts }) => gateStatistics({ units: outputs.length, experts: experts.length }));
  const reports = fusionWeights(model, rows, { onWeights: (weights, level) => void gates[level]!.update(weights) });
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
