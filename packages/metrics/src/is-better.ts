import type { Direction } from './metric.ts';

/**
 * Whether a value is strictly better than another; an undefined one (NaN) is worse than any number. For early
 * stopping and model selection.
 *
 * @param direction `metric.direction`
 * @example
 * isBetter('lower', 0.31, 0.35); // true
 * isBetter('one', 1.2, 0.9); // false
 * isBetter('higher', 0.5, NaN); // true
 */
export const isBetter = (direction: Direction, value: number, than: number): boolean => {
  if (Number.isNaN(value) || Number.isNaN(than)) return !Number.isNaN(value);
  if (direction === 'one') return Math.abs(value - 1) < Math.abs(than - 1);
  return direction === 'higher' ? value > than : value < than;
};
