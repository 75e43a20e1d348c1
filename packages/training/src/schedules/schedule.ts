import {
  builderOf,
  checkSpec,
  define,
  fail,
  isObject,
  notNegative,
  optional,
  positive,
  readOptions,
  shown,
  type Check,
  type Definition,
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
  | {
      /** The length in steps. */
      readonly steps: number;
      readonly epochs?: never;
    }
  | {
      /** The length in epochs, in place of `steps`. Fractions are allowed. */
      readonly epochs: number;
      readonly steps?: never;
    };

/** A schedule as plain JSON. */
export type ScheduleSpec<C = unknown> = Spec<'schedule', C>;

/** A learning rate: a number or a schedule. */
export type LearningRate = number | ScheduleSpec;

/**
 * Defines a schedule: a pure function of its configuration and the clock. The configuration is plain JSON, as checkpoints contain it.
 *
 * @param name the name in checkpoints; it must be unique
 * @param definition its description, a check for each of its `options`, and their `defaults`
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const inverseRoot = defineSchedule<{ start: number }>('inverse-root', ({ start }, { step }) => start / Math.sqrt(step + 1));
 * adam(inverseRoot({ start: 1e-2 }));
 */
export const defineSchedule = <C extends object>(
  name: string,
  schedule: (config: C, clock: Clock) => number,
  definition?: Definition<C>,
): ((config?: Partial<C>) => ScheduleSpec<C>) => define<'schedule', C>('schedule', name, schedule, definition);

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
export function stepsOf(length: Length, clock: Clock): number {
  checkOneLength(length, 'a schedule'); // a spec as JSON may have both
  return length.steps ?? length.epochs * clock.stepsPerEpoch;
}

/** The check of `steps`, and of `epochs`. {@link withLength} requires one of the two. */
export const partOfLength = /* @__PURE__ */ optional(positive);

const ONE_LENGTH = 'Pass { epochs: 10 } or { steps: 1000 }.';

function checkOneLength({ steps, epochs }: Length, where: string): void {
  if ((steps === undefined) !== (epochs === undefined)) return;
  const received = steps === undefined ? 'neither' : 'both';
  fail({ expected: `steps or epochs for ${where}`, received, fix: ONE_LENGTH });
}

/** The spec, if its configuration has a length. @throws PolytaskError when it has not exactly one of steps and epochs */
export function withLength<C extends Length>(spec: ScheduleSpec<C>): ScheduleSpec<C> {
  checkOneLength(spec.config, spec.name);
  return spec;
}

/** The check of an option that is a length. */
export const checkLength: Check = (value, where) => {
  if (!isObject(value)) {
    fail({ expected: `a length in steps or epochs for ${where}`, received: shown(value), fix: ONE_LENGTH });
  }
  checkOneLength(readOptions(value, { steps: partOfLength, epochs: partOfLength }, where) as unknown as Length, where);
};

/** Checks a number of 0 or more, or the first value of a schedule. */
export const checkLearningRate: Check = (rate, where) => {
  if (typeof rate === 'object' && rate !== null) learningRateAt(rate as ScheduleSpec, { step: 0, stepsPerEpoch: 1 });
  else notNegative(rate, where);
};
