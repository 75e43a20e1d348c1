import type { Examples, LevelReport, MultiTaskModel, Tasks } from '@polytask/core';
import { evaluateGates } from '@polytask/training';
import type { TrainingMode } from './trial-spec.ts';
import { rounded, type FusionLevelWeights } from '../results/trial-result.ts';

const DIGITS = 5;

/** Measures the fusion weights of a model on some rows, level by level, with the entropy and effective number of experts of each lane. */
export async function measureFusion<T extends Tasks>(
  model: MultiTaskModel<T>,
  rows: Examples<T>,
  engine: TrainingMode,
): Promise<FusionLevelWeights[]> {
  const levels = await evaluateGates(model, rows, { engine });
  return levels.map(({ weights, units }) => {
    const uses = Object.values(units);
    return {
      ...compact(weights),
      ...(!isChoice(weights) && {
        entropy: uses.map(({ entropy }) => rounded(entropy, DIGITS)),
        effectiveExperts: uses.map(({ effectiveExperts }) => rounded(effectiveExperts, DIGITS)),
      }),
    };
  });
}

/** Whether each lane reads one expert, the same for all rows. Such a level has no entropy. */
const isChoice = ({ gated, gatedDeviation, constant }: LevelReport): boolean =>
  [gated, gatedDeviation].flat(2).every((value) => value === 0) &&
  constant.every((row) => row.filter((value) => value !== 0).length === 1);

const compact = ({ outputs, experts, gated, gatedDeviation, constant }: LevelReport): FusionLevelWeights => {
  const table = (values: number[][]) => values.map((row) => row.map((value) => rounded(value, DIGITS)));
  return {
    outputs: [...outputs],
    experts: experts.map(({ unit, index }) => `${unit}.${index}`),
    gated: table(gated),
    gatedDeviation: table(gatedDeviation),
    constant: table(constant),
  };
};
