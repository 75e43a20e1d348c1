import { checks, type Options } from '@polytask/core';
import { notNegative } from '../option-checks.ts';
import { defineSchedule, lengthOf, lengthOptions, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

/** From the end of this length on, counted from the beginning, the rate is `value`. */
export interface Piece {
  readonly after: Length;
  readonly value: number;
}

const piece: Options<Piece> = { after: checks.shaped(lengthOptions), value: notNegative };

const pieces = defineSchedule<{ start: number; pieces: readonly Piece[] }>('piecewise', (config, clock) => {
  let rate = config.start;
  for (const { after, value } of config.pieces) if (clock.step >= stepsOf(after, clock)) rate = value;
  return rate;
});

/**
 * A rate that jumps: `start`, then each piece's value from its place on, in the order given.
 *
 * @example adam(piecewise(1e-3, [{ after: { epochs: 5 }, value: 3e-4 }, { after: { epochs: 8 }, value: 1e-4 }]))
 */
export function piecewise(start: number, after: readonly Piece[]): ScheduleSpec {
  notNegative(start, 'the start of piecewise');
  checks.listOf(checks.shaped(piece))(after, 'piecewise');
  return pieces({
    start,
    pieces: after.map(({ after: length, value }, i) => ({ after: lengthOf(length, `piecewise[${i}].after`), value })),
  });
}
