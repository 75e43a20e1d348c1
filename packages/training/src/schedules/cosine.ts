import { requireNumber } from '../require-number.ts';
import { checkLength, defineSchedule, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

const annealing = defineSchedule<Length & { start: number; end: number }>('cosine', (config, clock) => {
  const { start, end } = config;
  const share = Math.min(1, clock.step / stepsOf(config, clock.stepsPerEpoch));
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
});

/**
 * Cosine annealing (Loshchilov & Hutter 2017, eq. 5, without restarts): end + (start − end)·(1 + cos(π t/n))/2 at step t
 * of n, and `end` (default 0) from then on.
 *
 * @example adam(cosine(1e-3, { epochs: 10, end: 1e-5 }))
 */
export function cosine(start: number, options: Length & { end?: number }): ScheduleSpec {
  const { end = 0 } = options;
  requireNumber('the start of cosine', start, { min: 0 }, 'Pass a learning rate such as 1e-3.');
  requireNumber('the end of cosine', end, { min: 0 }, 'Leave it out to end at 0.');
  return annealing({ ...checkLength('cosine', options), start, end });
}
