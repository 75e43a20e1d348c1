import {
  checkSpec,
  component,
  custom,
  define,
  fail,
  isObject,
  notNegative,
  optional,
  positive,
  readOptions,
  resolve,
  shown,
  type Definition,
  type Factory,
  type Read,
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
 * @param definition its description and `options`
 * @returns a factory of specs
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const inverseRoot = defineSchedule('inverse-root', ({ start }, { step }) => start / Math.sqrt(step + 1), { options: { start: positive } });
 * adam(inverseRoot({ start: 1e-2 }));
 */
export const defineSchedule = <O extends object = Record<never, never>>(
  name: string,
  schedule: (config: Read<O>, clock: Clock) => number,
  definition?: Definition<O>,
): Factory<'schedule', O> => define('schedule', name, schedule, definition);

/**
 * The learning rate at a step.
 *
 * @throws PolytaskError when the schedule is unknown, or returns no finite number of 0 or more
 * @example learningRateAt(cosine(1e-3, { epochs: 2 }), { step: 100, stepsPerEpoch: 100 }); // 5e-4
 */
export function learningRateAt(rate: LearningRate, clock: Clock): number {
  if (typeof rate === 'number') return rate;
  const { builder, config } = resolve<(config: unknown, clock: Clock) => number>(
    checkSpec('schedule', rate, 'the learning rate'),
  );
  return notNegative.read(builder(config, clock), `the learning rate of schedule "${rate.name}" at step ${clock.step}`);
}

/** A length in steps. A length in steps doesn't read `stepsPerEpoch`, which may be unknown for a stream. */
export function stepsOf(length: Read<typeof lengthOptions>, clock: Clock): number {
  checkOneLength(length, 'a schedule'); // a spec as JSON may have both
  return length.steps ?? length.epochs! * clock.stepsPerEpoch;
}

/** One of the two is needed: see {@link withLength}. */
export const lengthOptions = {
  /** The length in steps. */
  steps: /* @__PURE__ */ optional(positive),
  /** The length in epochs, in place of `steps`. Fractions are allowed. */
  epochs: /* @__PURE__ */ optional(positive),
};

const ONE_LENGTH = 'Pass { epochs: 10 } or { steps: 1000 }.';

function checkOneLength({ steps, epochs }: Read<typeof lengthOptions>, where: string): void {
  if ((steps === undefined) !== (epochs === undefined)) return;
  const received = steps === undefined ? 'neither' : 'both';
  fail({ expected: `steps or epochs for ${where}`, received, fix: ONE_LENGTH });
}

/** The spec, if its configuration has a length. @throws PolytaskError when it has not exactly one of steps and epochs */
export function withLength(spec: ScheduleSpec<Read<typeof lengthOptions>>): ScheduleSpec {
  checkOneLength(spec.config, spec.name);
  return spec;
}

/** An option that is a length. */
export const length = /* @__PURE__ */ custom<Length>(
  (value, where) => {
    if (!isObject(value)) {
      fail({ expected: `a length in steps or epochs for ${where}`, received: shown(value), fix: ONE_LENGTH });
    }
    const read = readOptions(value, lengthOptions, where);
    checkOneLength(read, where);
    return read as Length;
  },
  { words: 'a length: { epochs } or { steps }' },
);

/** A number of 0 or more, or a schedule whose first value is one. */
export const learningRate = custom<LearningRate>(
  (rate, where) => {
    if (!isObject(rate)) return notNegative.read(rate, where);
    learningRateAt(rate as unknown as ScheduleSpec, { step: 0, stepsPerEpoch: 1 });
    return checkSpec('schedule', rate, where);
  },
  { either: [notNegative, component('schedule')] },
);
