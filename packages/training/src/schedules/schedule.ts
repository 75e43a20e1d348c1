import {
  builderOf,
  checkSpec,
  define,
  fail,
  notNegative,
  optional,
  positive,
  type About,
  type Check,
  type Options,
  type Spec,
} from '@polytask/components';

/** The time of a schedule. */
export interface Clock {
  /** The 0-based index of the step. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** A length in steps or in epochs. Fractions of an epoch are allowed. */
export type Length =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** A schedule as plain JSON. */
export type ScheduleSpec<C = unknown> = Spec<'schedule', C>;

/** A learning rate: a number or a schedule. */
export type LearningRate = number | ScheduleSpec;

/**
 * Defines a schedule: a pure function of its configuration and the clock. The configuration is plain JSON, as checkpoints contain it.
 *
 * @param name the name in checkpoints; it must be unique
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken
 * @example
 * const inverseRoot = defineSchedule<{ start: number }>('inverse-root', ({ start }, { step }) => start / Math.sqrt(step + 1));
 * adam(inverseRoot({ start: 1e-2 }));
 */
export const defineSchedule = <C extends object>(
  name: string,
  schedule: (config: C, clock: Clock) => number,
  about?: About,
): ((config: C) => ScheduleSpec<C>) => define<'schedule', C>('schedule', name, schedule, about);

/**
 * The learning rate at a step.
 *
 * @throws PolytaskError when the schedule is unknown, or returns no finite number of 0 or more
 * @example learningRateAt(cosine(1e-3, { epochs: 2 }), { step: 100, stepsPerEpoch: 100 }); // 5e-4
 */
export function learningRateAt(rate: LearningRate, clock: Clock): number {
  if (typeof rate === 'number') return rate;
  const value = builderOf<(config: unknown, clock: Clock) => number>(checkSpec('schedule', rate, 'the learning rate'))(
    rate.config,
    clock,
  );
  return notNegative(value, `the learning rate of schedule "${rate.name}" at step ${clock.step}`);
}

/** A length in steps. A length in steps doesn't read `stepsPerEpoch`, which may be unknown for a stream. */
export const stepsOf = (length: Length, clock: Clock): number => length.steps ?? length.epochs * clock.stepsPerEpoch;

/** The checks of a length. */
export const lengthOptions: Options<Record<'steps' | 'epochs', number>> = {
  steps: optional(positive),
  epochs: optional(positive),
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

/** A learning rate that an earlier version wrote, `{ kind: 'cosine', start, … }`. Other values stay as they are. */
export function upgradeSchedule(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'config' in value) return value;
  const { kind, then, ...config } = value as Readonly<Record<string, unknown>>;
  const next = then !== undefined && { then: upgradeSchedule(then) };
  return { kind: 'schedule', name: kind, config: { ...config, ...next } };
}
