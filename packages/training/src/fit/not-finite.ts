import { PolytaskError } from '@polytask/core';
import type { StepLosses } from '../engine.ts';

/** Where a step stands. */
export interface Place {
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
}

/**
 * Throws when a loss is NaN or infinite, with the names of the tasks or auxiliary losses, and the step.
 *
 * @param lastGood the directory of the newest checkpoint, all of whose losses and weights were finite
 */
export function checkLosses(losses: StepLosses, place: Place, lastGood: string | undefined): void {
  if (Number.isFinite(losses.total)) return;
  const bad = [...badOf('task', losses.tasks), ...badOf('auxiliary loss', losses.auxiliary)];
  const names = bad.length > 0 ? bad.join(', ') : `the sum over tasks (${losses.total})`;
  diverged(`The loss of ${names} is not finite`, place, lastGood);
}

/** The error of a diverged run. */
export function diverged(what: string, { epoch, batch, step }: Place, lastGood: string | undefined): never {
  throw new PolytaskError(
    `${what} at step ${step} (epoch ${epoch}, batch ${batch}). Lower the learning rate, clip the gradients ` +
      `(clip: { norm: 1 }), or look for values that aren't finite in the data. ` +
      (lastGood === undefined ? 'No checkpoint was written before.' : `The last good checkpoint is "${lastGood}".`),
  );
}

const badOf = (what: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (Number.isFinite(value) ? [] : [`${what} "${name}" (${value})`]));
