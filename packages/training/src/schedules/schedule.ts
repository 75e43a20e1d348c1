import { checks, fail, type Check, type Options } from '@polytask/core';
import { definitions } from '../definitions.ts';
import { notNegative, positive } from '../option-checks.ts';

/** The time of a schedule. */
export interface Clock {
  /** The 0-based index of the step. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** A length in steps or in epochs. Fractions of an epoch are allowed. */
export type Length =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** A schedule as plain JSON: its kind, and the configuration of the kind. */
export interface ScheduleSpec {
  readonly kind: string;
}

/** A learning rate: a number or a schedule. */
export type LearningRate = number | ScheduleSpec;

type Schedule = (config: never, clock: Clock) => number;

const schedules = definitions<Schedule>('schedule');

/**
 * Defines a kind of schedule: a pure function of its configuration and the clock. The configuration is plain JSON, as
 * checkpoints contain it.
 *
 * @returns a function that makes the schedule's JSON
 * @throws PolytaskError when the kind exists
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
 * @throws PolytaskError when the kind is unknown, or the schedule returns no finite number of 0 or more
 * @example learningRateAt(cosine(1e-3, { epochs: 2 }), { step: 100, stepsPerEpoch: 100 }); // 5e-4
 */
export function learningRateAt(rate: LearningRate, clock: Clock): number {
  if (typeof rate === 'number') return rate;
  const value = schedules.get(rate.kind)(rate as never, clock);
  notNegative(value, `the learning rate of schedule "${rate.kind}" at step ${clock.step}`);
  return value;
}

/** A length in steps. A length in steps doesn't read `stepsPerEpoch`, which may be unknown for a stream. */
export const stepsOf = (length: Length, clock: Clock): number => length.steps ?? length.epochs * clock.stepsPerEpoch;

/** The checks of a length. */
export const lengthOptions: Options<Record<'steps' | 'epochs', number>> = {
  steps: checks.optional(positive),
  epochs: checks.optional(positive),
};

/** The length alone, without other options. @throws PolytaskError when the length has not exactly one of steps and epochs */
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

/** Checks a number of 0 or more, or the first value of a schedule. */
export const checkLearningRate: Check = (rate, where) => {
  if (typeof rate === 'object' && rate !== null) learningRateAt(rate as ScheduleSpec, { step: 0, stepsPerEpoch: 1 });
  else notNegative(rate, where);
};
