import {
  checkOptions,
  flag,
  listOf,
  notNegative,
  optional,
  positive,
  shaped,
  type Options,
} from '@polytask/components';
import {
  checkLearningRate,
  defineSchedule,
  learningRateAt,
  lengthOf,
  lengthOptions,
  stepsOf,
  type LearningRate,
  type Length,
  type ScheduleSpec,
} from './schedule.ts';

const constant = /* @__PURE__ */ defineSchedule<{ value: number }>('constant', ({ value }) => value);

/**
 * A schedule with the same rate at every step. Use this function where a schedule is required; elsewhere a number is enough.
 *
 * @throws PolytaskError when `value` is negative or not finite
 * @example adam(constantSchedule(1e-3))
 */
export function constantSchedule(value: number): ScheduleSpec {
  notNegative(value, 'constantSchedule');
  return constant({ value });
}

const annealing = /* @__PURE__ */ defineSchedule<Length & { start: number; end: number }>('cosine', (config, clock) => {
  const { start, end } = config;
  const share = Math.min(1, clock.step / stepsOf(config, clock));
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
});

/**
 * Cosine annealing (Loshchilov & Hutter 2017, eq. 5) without restarts. At step t of n, the rate is
 * end + (start − end)·(1 + cos(π t/n))/2. After n steps, the rate stays at `end`.
 *
 * @param options the length, in steps or epochs, and `end`, the last rate. Default of `end`: 0
 * @throws PolytaskError when an option is unknown or out of range
 * @example adam(cosine(1e-3, { epochs: 10, end: 1e-5 }))
 */
export function cosine(start: number, options: Length & { end?: number }): ScheduleSpec {
  notNegative(start, 'the start of cosine');
  checkOptions(options, { ...lengthOptions, end: optional(notNegative) }, 'cosine');
  return annealing({ ...lengthOf(options, 'cosine'), start, end: options.end ?? 0 });
}

type DecayConfig = Length & { start: number; rate: number; staircase: boolean };

const decay = /* @__PURE__ */ defineSchedule<DecayConfig>('exponential-decay', (config, clock) => {
  const share = clock.step / stepsOf(config, clock);
  return config.start * config.rate ** (config.staircase ? Math.floor(share) : share);
});

/**
 * Exponential decay: start · rate^(t/n) at step t, for a length of n steps. With `staircase`, the exponent is rounded down, so
 * the rate falls once every n steps (`StepLR` of PyTorch).
 *
 * @param options the length, in steps or epochs, `rate`, and `staircase`. Default of `staircase`: false
 * @throws PolytaskError when an option is unknown or out of range
 * @example sgd(exponentialDecay(0.1, { rate: 0.1, epochs: 3, staircase: true }))
 */
export function exponentialDecay(start: number, options: Length & { rate: number; staircase?: boolean }): ScheduleSpec {
  notNegative(start, 'the start of exponentialDecay');
  checkOptions(options, { ...lengthOptions, rate: positive, staircase: optional(flag) }, 'exponentialDecay');
  const { rate, staircase = false } = options;
  return decay({ ...lengthOf(options, 'exponentialDecay'), start, rate, staircase });
}

/** A part of a piecewise schedule. The rate is `value` after this length, counted from the first step of training. */
export interface Piece {
  readonly after: Length;
  readonly value: number;
}

const piece: Options<Piece> = { after: shaped(lengthOptions), value: notNegative };

const pieces = /* @__PURE__ */ defineSchedule<{ start: number; pieces: readonly Piece[] }>(
  'piecewise',
  (config, clock) => {
    let rate = config.start;
    for (const { after, value } of config.pieces) if (clock.step >= stepsOf(after, clock)) rate = value;
    return rate;
  },
);

/**
 * A piecewise constant rate: `start`, then the value of each piece.
 *
 * @param after the pieces. The last piece whose length has passed decides the rate
 * @throws PolytaskError when a rate is negative, or a piece has not exactly one of steps and epochs
 * @example adam(piecewise(1e-3, [{ after: { epochs: 5 }, value: 3e-4 }, { after: { epochs: 8 }, value: 1e-4 }]))
 */
export function piecewise(start: number, after: readonly Piece[]): ScheduleSpec {
  notNegative(start, 'the start of piecewise');
  listOf(shaped(piece))(after, 'piecewise');
  return pieces({
    start,
    pieces: after.map(({ after: length, value }, i) => ({ after: lengthOf(length, `piecewise[${i}].after`), value })),
  });
}

type WarmupConfig = Length & { start: number; then: LearningRate };

const linear = /* @__PURE__ */ defineSchedule<WarmupConfig>('warmup', (config, clock) => {
  const length = stepsOf(config, clock);
  if (clock.step >= length) return learningRateAt(config.then, { ...clock, step: clock.step - length });
  const target = learningRateAt(config.then, { ...clock, step: 0 });
  return config.start + (target - config.start) * Math.min(1, (clock.step + 1) / length);
});

/**
 * Linear warm-up from `start` to the first value of `rate`, then `rate` from its beginning. At step t (from 0) of a warm-up
 * of n steps, the rate is start + (rate − start)·(t + 1)/n.
 *
 * @param rate a number or a schedule
 * @param options the length, in steps or epochs, and `start`. Default of `start`: 0
 * @throws PolytaskError when an option is unknown or out of range
 * @example adam(warmup(cosine(1e-3, { epochs: 10 }), { steps: 100 }))
 */
export function warmup(rate: LearningRate, options: Length & { start?: number }): ScheduleSpec {
  checkLearningRate(rate, 'the rate of warmup');
  checkOptions(options, { ...lengthOptions, start: optional(notNegative) }, 'warmup');
  return linear({ ...lengthOf(options, 'warmup'), start: options.start ?? 0, then: rate });
}
