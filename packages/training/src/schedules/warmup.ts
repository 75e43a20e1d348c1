import { checkOptions, checks } from '@polytask/core';
import { notNegative } from '../option-checks.ts';
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

type Config = Length & { start: number; then: LearningRate };

const linear = defineSchedule<Config>('warmup', (config, clock) => {
  const length = stepsOf(config, clock);
  if (clock.step >= length) return learningRateAt(config.then, { ...clock, step: clock.step - length });
  const target = learningRateAt(config.then, { ...clock, step: 0 });
  return config.start + (target - config.start) * Math.min(1, (clock.step + 1) / length);
});

/**
 * Linear warm-up: over `length` steps from near `start` (default 0) to the rate, which the last of them has; then the
 * rate's own schedule from its beginning.
 *
 * At step t (from 0) of a warm-up of n: start + (rate − start)·(t + 1)/n.
 *
 * @example adam(warmup(cosine(1e-3, { epochs: 10 }), { steps: 100 }))
 */
export function warmup(rate: LearningRate, options: Length & { start?: number }): ScheduleSpec {
  checkLearningRate(rate, 'the rate of warmup');
  checkOptions(options, { ...lengthOptions, start: checks.optional(notNegative) }, 'warmup');
  return linear({ ...lengthOf(options, 'warmup'), start: options.start ?? 0, then: rate });
}
