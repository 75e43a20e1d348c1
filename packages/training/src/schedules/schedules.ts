import {
  flag,
  listOf,
  notNegative,
  optional,
  positive,
  shaped,
  type FromDescription,
  type Written,
} from '@polytask/components';
import {
  defineSchedule,
  learningRate,
  learningRateAt,
  length,
  lengthOptions,
  stepsOf,
  withLength,
  type LearningRate,
  type Length,
  type ScheduleSpec,
} from './schedule.ts';

const constantOptions = {
  /** The rate. */
  value: notNegative,
};

const constant = /* @__PURE__ */ defineSchedule('constant', ({ value }) => value, {
  options: constantOptions,
  description: 'the same rate at every step',
  package: '@polytask/training',
});

/**
 * A schedule with the same rate at every step. Use this function where a schedule is required; elsewhere a number is enough.
 *
 * @throws PolytaskError when `value` is negative or not finite
 * @example adam(constantSchedule(1e-3))
 */
export const constantSchedule = (value: number): ScheduleSpec => constant({ value });

const cosineOptions = {
  ...lengthOptions,
  /** The first rate. */
  start: notNegative,
  /** The last rate. */
  end: /* @__PURE__ */ optional(notNegative, 0),
};

const annealing = /* @__PURE__ */ defineSchedule(
  'cosine',
  (config, clock) => {
    const { start, end } = config;
    const share = Math.min(1, clock.step / stepsOf(config, clock));
    return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
  },
  {
    options: cosineOptions,
    description: 'falls along half a cosine, then stays',
    paper: 'Loshchilov and Hutter, ICLR 2017, eq. 5, without restarts',
    package: '@polytask/training',
  },
);

/**
 * Cosine annealing (Loshchilov & Hutter 2017, eq. 5) without restarts. At step t of n, the rate is
 * end + (start − end)·(1 + cos(π t/n))/2. After n steps, the rate stays at `end`.
 *
 * @param options the length, in steps or epochs, and `end`, the last rate. Default of `end`: 0
 * @throws PolytaskError when an option is unknown or out of range
 * @example adam(cosine(1e-3, { epochs: 10, end: 1e-5 }))
 */
export const cosine = (start: number, options: Length & { end?: number }): ScheduleSpec =>
  withLength(annealing({ ...options, start }));

const decayOptions = {
  ...lengthOptions,
  /** The first rate. */
  start: notNegative,
  /** The factor of the rate after the length. */
  rate: positive,
  /** Whether the rate falls once in each length, as `StepLR` of PyTorch, and not in every step. */
  staircase: /* @__PURE__ */ optional(flag, false),
};

const decay = /* @__PURE__ */ defineSchedule(
  'exponential-decay',
  (config, clock) => {
    const share = clock.step / stepsOf(config, clock);
    return config.start * config.rate ** (config.staircase ? Math.floor(share) : share);
  },
  {
    options: decayOptions,
    description: 'falls by a factor in each length',
    package: '@polytask/training',
  },
);

/**
 * Exponential decay: start · rate^(t/n) at step t, for a length of n steps. With `staircase`, the exponent is rounded down, so
 * the rate falls once every n steps (`StepLR` of PyTorch).
 *
 * @param options the length, in steps or epochs, `rate`, and `staircase`. Default of `staircase`: false
 * @throws PolytaskError when an option is unknown or out of range
 * @example sgd(exponentialDecay(0.1, { rate: 0.1, epochs: 3, staircase: true }))
 */
export const exponentialDecay = (
  start: number,
  options: Length & { rate: number; staircase?: boolean },
): ScheduleSpec => withLength(decay({ ...options, start }));

const piece = {
  /** The length after which the rate is `value`, from the first step of training. */
  after: length,
  /** The rate from there on. */
  value: notNegative,
};

/** A part of a piecewise schedule. */
export interface Piece extends Written<typeof piece>, FromDescription {}

const piecewiseOptions = {
  /** The first rate. */
  start: notNegative,
  /** The later rates. The last piece whose length has passed counts. */
  pieces: /* @__PURE__ */ listOf(/* @__PURE__ */ shaped(piece)),
};

const pieces = /* @__PURE__ */ defineSchedule(
  'piecewise',
  (config, clock) => {
    let rate = config.start;
    for (const { after, value } of config.pieces) if (clock.step >= stepsOf(after, clock)) rate = value;
    return rate;
  },
  {
    options: piecewiseOptions,
    description: 'jumps from rate to rate',
    package: '@polytask/training',
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

const warmupOptions = {
  ...lengthOptions,
  /** The rate from which it rises. */
  start: /* @__PURE__ */ optional(notNegative, 0),
  /** A number, or a schedule that begins after the length. */
  then: learningRate,
};

const linear = /* @__PURE__ */ defineSchedule(
  'warmup',
  (config, clock) => {
    const { start, then } = config;
    const length = stepsOf(config, clock);
    if (clock.step >= length) return learningRateAt(then, { ...clock, step: clock.step - length });
    const target = learningRateAt(then, { ...clock, step: 0 });
    return start + (target - start) * Math.min(1, (clock.step + 1) / length);
  },
  {
    options: warmupOptions,
    description: 'rises in a line, then another schedule',
    package: '@polytask/training',
  },
);

/**
 * Linear warm-up from `start` to the first value of `rate`, then `rate` from its beginning. At step t (from 0) of a warm-up
 * of n steps, the rate is start + (rate − start)·(t + 1)/n.
 *
 * @param rate a number or a schedule
 * @param options the length, in steps or epochs, and `start`. Default of `start`: 0
 * @throws PolytaskError when an option is unknown or out of range
 * @example adam(warmup(cosine(1e-3, { epochs: 10 }), { steps: 100 }))
 */
export const warmup = (rate: LearningRate, options: Length & { start?: number }): ScheduleSpec =>
  withLength(linear({ ...options, then: rate }));
