import { fail } from '@polytask/core';
import { requireNumber } from '../require-number.ts';
import { checkLength, defineSchedule, stepsOf, type Length, type ScheduleSpec } from './schedule.ts';

/** From the end of this length on, counted from the beginning, the rate is `value`. */
export interface Piece {
  readonly after: Length;
  readonly value: number;
}

const pieces = defineSchedule<{ start: number; pieces: readonly Piece[] }>('piecewise', (config, clock) => {
  let rate = config.start;
  for (const { after, value } of config.pieces) if (clock.step >= stepsOf(after, clock.stepsPerEpoch)) rate = value;
  return rate;
});

/**
 * A rate that jumps: `start`, then each piece's value from its place on, in the order given.
 *
 * @example adam(piecewise(1e-3, [{ after: { epochs: 5 }, value: 3e-4 }, { after: { epochs: 8 }, value: 1e-4 }]))
 */
export function piecewise(start: number, after: readonly Piece[]): ScheduleSpec {
  requireNumber('the start of piecewise', start, { min: 0 }, 'Pass a learning rate such as 1e-3.');
  if (!Array.isArray(after)) {
    fail({ expected: 'a list of pieces', received: typeof after, mend: 'Pass [{ after: { epochs: 5 }, value: 1e-4 }].' });
  }
  return pieces({
    start,
    pieces: after.map((piece: Piece, i) => {
      requireNumber(`the value of piece ${i} of piecewise`, piece.value, { min: 0 }, 'Pass { after, value: 1e-4 }.');
      return { after: checkLength(`piece ${i} of piecewise`, piece.after), value: piece.value };
    }),
  });
}
