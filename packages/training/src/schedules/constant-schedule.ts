import { notNegative } from '../option-checks.ts';
import { defineSchedule, type ScheduleSpec } from './schedule.ts';

const constant = defineSchedule<{ value: number }>('constant', ({ value }) => value);

/**
 * The same rate at every step, as a number alone would be: to put where a schedule is wanted.
 *
 * @example adam(constantSchedule(1e-3))
 */
export function constantSchedule(value: number): ScheduleSpec {
  notNegative(value, 'constantSchedule');
  return constant({ value });
}
