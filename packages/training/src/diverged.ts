import { PolytaskError, firstNotFinite } from '@polytask/core';

/** The error of numbers that are no longer finite. `fit` then gives the model its last good weights. */
export class Diverged extends PolytaskError {}

export interface StepPosition {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
}

export function diverged(what: string, { epoch, batch, step }: StepPosition, lastGood: string | undefined): never {
  throw new Diverged(
    `${what} at step ${step} (epoch ${epoch}, batch ${batch}). Lower the learning rate (findLearningRate suggests one), ` +
      `clip the gradients (clip: { norm: 1 }), or look for values that aren't finite in the data. ` +
      (lastGood === undefined ? 'No checkpoint was written before.' : `The last good checkpoint is "${lastGood}".`),
  );
}

export function checkFinite(
  named: Parameters<typeof firstNotFinite>[0],
  place: StepPosition,
  lastGood: string | undefined,
): void {
  const bad = firstNotFinite(named);
  if (bad) diverged(`"${bad.name}" has a number that is not finite`, place, lastGood);
}
