import { checks, fail, type Check, type Options } from '@polytask/core';
import { definitions } from '../definitions.ts';
import { notNegative, positive } from '../option-checks.ts';

/** Where training stands, for a schedule. */
export interface Clock {
  /** Steps done before this one: 0 at the first. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** How long something takes: so many steps or epochs (fractions of an epoch are fine). */
export type Length =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

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
  notNegative(value, `the learning rate of schedule "${rate.kind}" at step ${clock.step}`);
  return value;
}

/** A length in steps. How long an epoch is is asked only where it matters: of a stream nobody may know it. */
export const stepsOf = (length: Length, clock: Clock): number => length.steps ?? length.epochs * clock.stepsPerEpoch;

/** The options of a length, for `checkOptions`. */
export const lengthOptions: Options<Record<'steps' | 'epochs', number>> = {
  steps: checks.optional(positive),
  epochs: checks.optional(positive),
};

/** Throws unless it has steps or epochs; gives just those. */
export function lengthOf(length: Length, where: string): Length {
  const { steps, epochs } = length;
  if ((steps === undefined) === (epochs === undefined)) {
    fail({
      expected: `steps or epochs for ${where}`,
      received: steps === undefined ? 'neither' : 'both',
      mend: 'Pass { epochs: 10 } or { steps: 1000 }.',
    });
  }
  return steps === undefined ? { epochs: epochs! } : { steps };
}

/** A number of 0 or more, or a schedule; what it says at its first step stands for all of it. */
export const checkLearningRate: Check = (rate, where) => {
  if (typeof rate === 'object' && rate !== null) learningRateAt(rate as ScheduleSpec, { step: 0, stepsPerEpoch: 1 });
  else notNegative(rate, where);
};
