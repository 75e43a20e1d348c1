import type { EpochMeasures, FusionLevelWeights, TrialResult } from '@polytask/study';

/** An epoch of a model's training, as the page draws it. */
export interface HistoryEpoch {
  /** The training losses by task, or one loss of all tasks where no other is known. */
  readonly losses: Readonly<Record<string, number>>;
  /** The validation score of each task. */
  readonly validation: Readonly<Record<string, number>>;
  /** Undefined where it was not measured. */
  readonly fusion: readonly FusionLevelWeights[] | undefined;
  /** The mean cosine of the tasks' gradients. NaN where tasks share nothing; undefined where it was not measured. */
  readonly cosine: number | undefined;
}

/** The training of a model with one seed. */
export interface ModelHistory {
  readonly model: string;
  readonly seed: number;
  readonly epochs: readonly HistoryEpoch[];
}

/** The name of the loss of all tasks together. */
const TOGETHER = 'all tasks';

/** The epoch of a training that is measured while it runs. */
export const measuredEpoch = ({ losses, validation, fusion, gradients }: EpochMeasures): HistoryEpoch => ({
  losses,
  validation,
  fusion,
  cosine: gradients.cosine,
});

/** The history of a finished trial. Its fusion weights are those of the end, which stand at the last epoch. */
export const historyOfTrial = ({
  model,
  seed,
  curve,
  fusion,
  balancing,
}: Pick<TrialResult, 'model' | 'seed' | 'curve' | 'fusion' | 'balancing'>): ModelHistory => ({
  model,
  seed,
  epochs: curve.map(({ loss, validation }, epoch) => ({
    losses: { [TOGETHER]: loss },
    validation,
    fusion: epoch === curve.length - 1 ? fusion : undefined,
    cosine: balancing?.[epoch]?.gradients?.cosine,
  })),
});

/**
 * The fusion weights at an epoch: the latest that were measured up to then, or the first ones after it.
 *
 * @param epoch 0-based; beyond the last epoch, the last one counts
 */
export function fusionAt({ epochs }: ModelHistory, epoch: number): readonly FusionLevelWeights[] {
  const known = epochs.flatMap(({ fusion }, at) => (fusion ? [{ at, fusion }] : []));
  return (known.findLast(({ at }) => at <= epoch) ?? known[0])?.fusion ?? [];
}
