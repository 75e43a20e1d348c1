import { fail } from '@polytask/core';
import { definitions } from '../definitions.ts';
import { requireNumber } from '../require-number.ts';

/** Where training stands, for a schedule. */
export interface Clock {
  /** Steps done before this one: 0 at the first. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** How long something takes: so many steps or epochs (fractions of an epoch are fine). */
export type Length = { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** A schedule as plain JSON: its kind, and whatever that kind reads. */
export interface ScheduleSpec {
  readonly kind: string;
}

/** A learning rate: a number, or how it changes. */
export type LearningRate = number | ScheduleSpec;

type Schedule = (config: never, clock: Clock) => number;

const schedules = definitions<Schedule>('schedule');

/**
 * Defines a kind of schedule: a pure function of its configuration (plain JSON: it is saved in checkpoints) and the
 * clock.
 *
 * @returns the factory of its descriptions
 * @example
 * const inverseRoot = defineSchedule<{ start: number }>('inverse-root', ({ start }, { step }) => start / Math.sqrt(step + 1));
 * adam(inverseRoot({ start: 1e-2 }));
 */
export function defineSchedule<C extends object>(
  kind: string,
  schedule: (config: C, clock: Clock) => number,
): (config: C) => ScheduleSpec & Readonly<C> {
  schedules.add(kind, schedule as Schedule);
  return (config) => ({ kind, ...config });
}

/**
 * The learning rate at a step.
 *
 * @throws PolytaskError when the kind is unknown, or the schedule gives anything but a finite number of 0 or more
 */
export function learningRateAt(rate: LearningRate, clock: Clock): number {
  if (typeof rate === 'number') return rate;
  const value = schedules.get(rate.kind)(rate as never, clock);
  requireNumber(`the learning rate of schedule "${rate.kind}" at step ${clock.step}`, value, { min: 0 }, 'Mend the schedule.');
  return value;
}

/** A length in steps. */
export const stepsOf = (length: Length, stepsPerEpoch: number): number =>
  length.steps ?? length.epochs * stepsPerEpoch;

/** Throws unless it is `{ steps }` or `{ epochs }` with a positive number; gives just that. */
export function checkLength(name: string, length: Length): Length {
  const { steps, epochs } = length;
  if ((steps === undefined) === (epochs === undefined)) {
    fail({
      expected: `${name} to have a length in steps or in epochs`,
      received: JSON.stringify({ steps, epochs }),
      mend: 'Pass { epochs: 10 } or { steps: 1000 }.',
    });
  }
  requireNumber(`the length of ${name}`, steps ?? epochs, { above: 0 }, 'Pass { epochs: 10 } or { steps: 1000 }.');
  return steps === undefined ? { epochs: epochs! } : { steps };
}

/** Throws unless it is a learning rate; what a schedule says at its first step stands for all of it. */
export function checkLearningRate(name: string, rate: LearningRate): void {
  if (typeof rate === 'object' && rate !== null) {
    learningRateAt(rate, { step: 0, stepsPerEpoch: 1 });
    return;
  }
  requireNumber(name, rate, { min: 0 }, 'Pass a number such as 1e-3, or a schedule such as cosine(1e-3, { epochs: 10 }).');
}
