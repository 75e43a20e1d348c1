import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tally, verdictOf } from './verdict.ts';

test.each([
  [0.01, 0.03, 'better', 'worse'],
  [-0.03, -0.01, 'worse', 'better'],
  [-0.01, 0.02, 'no difference', 'no difference'],
  [0, 0.02, 'no difference', 'no difference'],
  [0, 0, 'no difference', 'no difference'],
  [NaN, NaN, 'untested', 'untested'],
] as const)('from %d to %d: %s if higher is better, %s if lower is', (low, high, higher, lower) => {
  expect(verdictOf({ low, high }, 'higher')).toBe(higher);
  expect(verdictOf({ low, high }, 'lower')).toBe(lower);
});

test('a seesaw needs a win and a loss', () => {
  expect(tally(['better', 'better', 'no difference'])).toEqual({
    wins: 2,
    losses: 0,
    ties: 1,
    untested: 0,
    seesaw: false,
  });
  expect(tally(['worse', 'untested'])).toEqual({ wins: 0, losses: 1, ties: 0, untested: 1, seesaw: false });
  expect(tally(['worse', 'better']).seesaw).toBe(true);
  expect(tally([])).toEqual({ wins: 0, losses: 0, ties: 0, untested: 0, seesaw: false });
});

test('every verdict is counted once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('better', 'worse', 'no difference', 'untested')), (verdicts) => {
      const { wins, losses, ties, untested } = tally(verdicts);
      expect(wins + losses + ties + untested).toBe(verdicts.length);
    }),
  );
});

test.each<[() => unknown, string]>([
  [() => verdictOf({ low: 1, high: 0 }, 'higher'), 'verdictOf: got low = 1, high = 0; expected low <= high'],
  [() => verdictOf({ low: '1' as never, high: 2 }, 'higher'), 'verdictOf: got low = "1"'],
  [() => verdictOf({ low: 0, high: 1 }, 'one' as never), 'verdictOf: got direction = "one"'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
