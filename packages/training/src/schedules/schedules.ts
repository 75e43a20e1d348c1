import {
  flag,
  listOf,
  notNegative,
  optional,
  positive,
  shaped,
  type FromDescription,
  type Written,
  checkSpec,
  component,
  custom,
  define,
  definedIn,
  fail,
  isObject,
  resolve,
  type Definition,
  type Factory,
  type Read,
  type Spec,
} from '@polytask/components';

export interface Clock {
  /** The 0-based index of the step. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** A length in steps or in epochs. Fractions of an epoch are allowed. */
export type Length =
  | {
      readonly steps: number;
      readonly epochs?: never;
    }
  | {
      /** The length in epochs, in place of `steps`. Fractions are allowed. */
      readonly epochs: number;
      readonly steps?: never;
    };

export type ScheduleSpec<C = unknown> = Spec<'schedule', C>;

export type LearningRate = number | ScheduleSpec;

/**
 * Defines a schedule: a pure function of its configuration and the clock. The configuration is plain JSON, as checkpoints contain it.
 *
 * @param name the name in checkpoints; it must be unique
 * @param definition its description and `options`
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
function stepsOf(length: Read<typeof lengthOptions>, clock: Clock): number {
  checkOneLength(length, 'a schedule'); // a spec as JSON may have both
  return length.steps ?? length.epochs! * clock.stepsPerEpoch;
}

/** One of the two is needed: see {@link withLength}. */
const lengthOptions = {
  /** The length in steps. */
  steps: /* @__PURE__ */ optional(positive),
  /** The length in epochs, in place of `steps`. Fractions are allowed. */
  epochs: /* @__PURE__ */ optional(positive),
};

function checkOneLength({ steps, epochs }: Read<typeof lengthOptions>, where: string): void {
  if ((steps === undefined) !== (epochs === undefined)) return;
  const received = steps === undefined ? 'neither' : 'both';
  fail({ expected: `steps or epochs for ${where}`, received, fix: 'Pass { epochs: 10 } or { steps: 1000 }.' });
}

/** The spec, if its configuration has a length. @throws PolytaskError when it has not exactly one of steps and epochs */
function withLength(spec: ScheduleSpec<Read<typeof lengthOptions>>): ScheduleSpec {
  checkOneLength(spec.config, spec.name);
  return spec;
}

/** A number of 0 or more, or a schedule whose first value is one. */
export const learningRate = custom<LearningRate>(
  (rate, where) => {
    if (!isObject(rate)) return notNegative.read(rate, where);
    learningRateAt(rate as unknown as ScheduleSpec, { step: 0, stepsPerEpoch: 1 });
    return checkSpec('schedule', rate, where);
  },
  { either: [notNegative, component('schedule')] },
);

const defineOwn = /* @__PURE__ */ definedIn('@polytask/training', defineSchedule);

const annealing = /* @__PURE__ */ defineOwn(
  'cosine',
  (config, clock) => {
    const { start, end } = config;
    const share = Math.min(1, clock.step / stepsOf(config, clock));
    return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
  },
  {
    options: {
      ...lengthOptions,
      /** The first rate. */
      start: notNegative,
      /** The last rate. */
      end: /* @__PURE__ */ optional(notNegative, 0),
    },
    description: 'falls along half a cosine, then stays',
    paper: 'Loshchilov and Hutter, ICLR 2017, eq. 5, without restarts',
  },
);

/**
 * Cosine annealing (Loshchilov & Hutter 2017, eq. 5) without restarts. At step t of n, the rate is
 * end + (start − end)·(1 + cos(π t/n))/2. After n steps, the rate stays at `end`.
 *
 * @param options the length, in steps or epochs, and `end`, the last rate. Default of `end`: 0
 * @throws PolytaskError for a negative rate, an unknown option, and unless exactly one of steps and epochs is given
 * @example adam(cosine(1e-3, { epochs: 10, end: 1e-5 }))
 */
export const cosine = (start: number, options: Length & { end?: number }): ScheduleSpec =>
  withLength(annealing({ ...options, start }));

const decay = /* @__PURE__ */ defineOwn(
  'exponential-decay',
  (config, clock) => {
    const share = clock.step / stepsOf(config, clock);
    return config.start * config.rate ** (config.staircase ? Math.floor(share) : share);
  },
  {
    options: {
      ...lengthOptions,
      /** The first rate. */
      start: notNegative,
      /** The factor of the rate after the length. */
      rate: positive,
      /** Whether the rate falls once in each length, as `StepLR` of PyTorch, and not in every step. */
      staircase: /* @__PURE__ */ optional(flag, false),
    },
    description: 'falls by a factor in each length',
  },
);

/**
 * Exponential decay: start · rate^(t/n) at step t, for a length of n steps. With `staircase`, the exponent is rounded down, so
 * the rate falls once every n steps (`StepLR` of PyTorch).
 *
 * @param options the length, in steps or epochs, `rate`, and `staircase`. Default of `staircase`: false
 * @throws PolytaskError for a number out of its range, an unknown option, and unless exactly one of steps and epochs is given
 * @example sgd(exponentialDecay(0.1, { rate: 0.1, epochs: 3, staircase: true }))
 */
export const exponentialDecay = (
  start: number,
  options: Length & { rate: number; staircase?: boolean },
): ScheduleSpec => withLength(decay({ ...options, start }));

const anyLength = /* @__PURE__ */ shaped(lengthOptions);
const oneLength = /* @__PURE__ */ custom<Read<typeof lengthOptions>>((value, where) => {
  checkOneLength(anyLength.read(value, where), where);
}, anyLength.shape);

const piece = {
  /** The length after which the rate is `value`, from the first step of training. */
  after: oneLength,
  /** The rate from there on. */
  value: notNegative,
};

export interface Piece extends Written<typeof piece>, FromDescription {}

const pieces = /* @__PURE__ */ defineOwn(
  'piecewise',
  (config, clock) => {
    let rate = config.start;
    for (const { after, value } of config.pieces) if (clock.step >= stepsOf(after, clock)) rate = value;
    return rate;
  },
  {
    options: {
      /** The first rate. */
      start: notNegative,
      /** The later rates. The last piece whose length has passed counts. */
      pieces: /* @__PURE__ */ listOf(/* @__PURE__ */ shaped(piece)),
    },
    description: 'jumps from rate to rate',
  },
);

/**
 * A piecewise constant rate: `start`, then the value of each piece.
 *
 * @param after the pieces. The last piece whose length has passed decides the rate
 * @throws PolytaskError when a rate is negative, or a piece has not exactly one of steps and epochs
 * @example adam(piecewise(1e-3, [{ after: { epochs: 5 }, value: 3e-4 }, { after: { epochs: 8 }, value: 1e-4 }]))
 */
export const piecewise = (start: number, after: readonly Piece[]): ScheduleSpec => pieces({ start, pieces: after });

const linear = /* @__PURE__ */ defineOwn(
  'warmup',
  (config, clock) => {
    const { start, then } = config;
    const length = stepsOf(config, clock);
    if (clock.step >= length) return learningRateAt(then, { ...clock, step: clock.step - length });
    const target = learningRateAt(then, { ...clock, step: 0 });
    return start + (target - start) * Math.min(1, (clock.step + 1) / length);
  },
  {
    options: {
      ...lengthOptions,
      /** The rate from which it rises. */
      start: /* @__PURE__ */ optional(notNegative, 0),
      /** A number, or a schedule that begins after the length. */
      then: learningRate,
    },
    description: 'rises in a line, then another schedule',
  },
);

/**
 * Linear warm-up from `start` to the first value of `rate`, then `rate` from its beginning. At step t (from 0) of a warm-up
 * of n steps, the rate is start + (rate − start)·(t + 1)/n.
 *
 * @param rate a number or a schedule
 * @param options the length, in steps or epochs, and `start`. Default of `start`: 0
 * @throws PolytaskError for a negative rate, an unknown option, and unless exactly one of steps and epochs is given
 * @example adam(warmup(cosine(1e-3, { epochs: 10 }), { steps: 100 }))
 */
export const warmup = (rate: LearningRate, options: Length & { start?: number }): ScheduleSpec =>
  withLength(linear({ ...options, then: rate }));
