import { requireNumber } from '../require-number.ts';
import { defineSchedule, type ScheduleSpec } from './schedule.ts';

const constant = defineSchedule<{ value: number }>('constant', ({ value }) => value);

/**
 * The same rate at every step, as a number alone would be: to put where a schedule is wanted.
 *
 * @example adam(constantSchedule(1e-3))
 */
export function constantSchedule(value: number): ScheduleSpec {
  requireNumber('the value of constantSchedule', value, { min: 0 }, 'Pass a learning rate such as 1e-3.');
  return constant({ value });
}
