import { checkOptions, checks } from '@polytask/core';
import { notNegative } from '../option-checks.ts';
import { defineSchedule, lengthOf, lengthOptions, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

const annealing = defineSchedule<Length & { start: number; end: number }>('cosine', (config, clock) => {
  const { start, end } = config;
  const share = Math.min(1, clock.step / stepsOf(config, clock));
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2;
});

/**
 * Cosine annealing (Loshchilov & Hutter 2017, eq. 5, without restarts): end + (start − end)·(1 + cos(π t/n))/2 at step t
 * of n, and `end` (default 0) from then on.
 *
 * @example adam(cosine(1e-3, { epochs: 10, end: 1e-5 }))
 */
export function cosine(start: number, options: Length & { end?: number }): ScheduleSpec {
  notNegative(start, 'the start of cosine');
  checkOptions(options, { ...lengthOptions, end: checks.optional(notNegative) }, 'cosine');
  return annealing({ ...lengthOf(options, 'cosine'), start, end: options.end ?? 0 });
}
