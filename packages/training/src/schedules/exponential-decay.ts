import { checkOptions, checks } from '@polytask/core';
import { notNegative, positive } from '../option-checks.ts';
import { defineSchedule, lengthOf, lengthOptions, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

type Config = Length & { start: number; rate: number; staircase: boolean };

const decay = defineSchedule<Config>('exponential-decay', (config, clock) => {
  const share = clock.step / stepsOf(config, clock);
  return config.start * config.rate ** (config.staircase ? Math.floor(share) : share);
});

/**
 * start · rate^(t/n) at step t, where n is the length. With `staircase` the exponent is rounded down: the rate falls by
 * that factor every n steps (PyTorch's `StepLR`).
 *
 * @example sgd(exponentialDecay(0.1, { rate: 0.1, epochs: 3, staircase: true }))
 */
export function exponentialDecay(start: number, options: Length & { rate: number; staircase?: boolean }): ScheduleSpec {
  notNegative(start, 'the start of exponentialDecay');
  checkOptions(
    options,
    { ...lengthOptions, rate: positive, staircase: checks.optional(checks.flag) },
    'exponentialDecay',
  );
  const { rate, staircase = false } = options;
  return decay({ ...lengthOf(options, 'exponentialDecay'), start, rate, staircase });
}
