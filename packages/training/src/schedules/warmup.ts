import { requireNumber } from '../require-number.ts';
import {
  checkLearningRate,
  checkLength,
  defineSchedule,
  learningRateAt,
  stepsOf,
  type LearningRate,
  type Length,
  type ScheduleSpec,
} from './schedule.ts';

type Config = Length & { start: number; then: LearningRate };

const linear = defineSchedule<Config>('warmup', (config, clock) => {
  const length = stepsOf(config, clock.stepsPerEpoch);
  if (clock.step >= length) return learningRateAt(config.then, { ...clock, step: clock.step - length });
  const target = learningRateAt(config.then, { ...clock, step: 0 });
  return config.start + ((target - config.start) * Math.min(1, (clock.step + 1) / length));
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
  const { start = 0 } = options;
  checkLearningRate('the rate of warmup', rate);
  requireNumber('the start of warmup', start, { min: 0 }, 'Leave it out to start at 0.');
  return linear({ ...checkLength('warmup', options), start, then: rate });
}
