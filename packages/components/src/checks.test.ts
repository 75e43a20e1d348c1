import { describe, expect, it } from 'vitest';
import { component, flag, listOf, number, oneOf, optional, wholeNumber } from './checks.ts';
import type { Check } from './options.ts';

const rate = number('a rate in [0, 1)', (value) => value >= 0 && value < 1);

describe('checks', () => {
  it.each<[string, Check, unknown[]]>([
    ['number', rate, [0, 0.999]],
    ['wholeNumber', wholeNumber(), [0, 7, Number.MAX_SAFE_INTEGER]],
    ['flag', flag, [true, false]],
    ['oneOf', oneOf('own', 'all'), ['own', 'all']],
    ['listOf', listOf(wholeNumber()), [[], [1, 2]]],
    ['optional', optional(flag), [undefined, true]],
    ['component', component('gate'), [{ kind: 'gate', name: 'test', config: {} }]],
  ])('%s lets pass what fits', (_, check, values) => {
    for (const value of values) expect(() => check(value, 'it')).not.toThrow();
  });

  it.each<[Check, unknown, string]>([
    [rate, 1, 'Expected a rate in [0, 1) for it, received 1.'],
    [rate, NaN, 'received NaN.'],
    [rate, '0.5', 'received "0.5".'],
    [wholeNumber(1), 0, 'Expected a whole number, 1 or more, for it, received 0.'],
    [wholeNumber(), -1, 'Expected a whole number, 0 or more, for it, received -1.'],
    [wholeNumber(), 1.5, 'received 1.5.'],
    [wholeNumber(), Infinity, 'received Infinity.'],
    [flag, 1, 'Expected true or false for it, received 1.'],
    [oneOf('own', 'all'), 'al', 'Expected one of "own", "all" for it, received "al". Did you mean "all"?'],
    [oneOf('own', 'all'), undefined, 'received nothing. Known: "own", "all".'],
    [listOf(flag), 'true', 'Expected a list for it, received "true". Pass [] for none.'],
    [listOf(flag, 2), [true], 'Expected a list of 2 or more for it, received [true]. Add entries.'],
    [listOf(flag), [true, 0], 'Expected true or false for it[1], received 0.'],
    [
      component('gate'),
      { kind: 'expert', name: 'test', config: {} },
      'Expected a gate for it, received {"kind":"expert"',
    ],
    [component('gate'), function softmaxGate() {}, 'received the function softmaxGate. Call it'],
  ])('%o refuses %j', (check, value, message) => {
    expect(() => check(value, 'it')).toThrow(message);
  });
});
