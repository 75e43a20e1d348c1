import { describe, expect, it } from 'vitest';
import {
  component,
  either,
  flag,
  listOf,
  number,
  oneOf,
  record,
  share,
  shaped,
  wholeNumber,
  wordsOf,
} from './checks.ts';
import type { NumberRange, Option } from './options.ts';
import { define } from './registry.ts';

const rate = number({ from: 0, below: 1 });
define('gate', 'test', null);

describe('checks', () => {
  it.each<[string, Option, unknown[]]>([
    ['number', rate, [0, 0.999]],
    ['wholeNumber', wholeNumber(), [0, 7, Number.MAX_SAFE_INTEGER]],
    ['flag', flag, [true, false]],
    ['oneOf', oneOf('own', 'all'), ['own', 'all']],
    ['listOf', listOf(wholeNumber()), [[], [1, 2]]],
    ['component', component('gate'), [{ kind: 'gate', name: 'test', config: {} }]],
  ])('%s lets pass what fits', (_, check, values) => {
    for (const value of values) expect(() => check.read(value, 'it')).not.toThrow();
  });

  it.each<[Option, unknown, string]>([
    [rate, 1, 'Expected a number in [0, 1) for it, received 1.'],
    [rate, NaN, 'received NaN.'],
    [rate, '0.5', 'received "0.5".'],
    [wholeNumber(1), 0, 'Expected a whole number of 1 or more for it, received 0.'],
    [wholeNumber(), -1, 'Expected a whole number of 0 or more for it, received -1.'],
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
    expect(() => check.read(value, 'it')).toThrow(message);
  });
});

it.each<[NumberRange, string]>([
  [{}, 'a number'],
  [{ whole: true, from: 2 }, 'a whole number of 2 or more'],
  [{ above: 0 }, 'a number above 0'],
  [{ above: 0, to: 1 }, 'a number in (0, 1]'],
  [{ whole: true, from: 2, to: 255 }, 'a whole number in [2, 255]'],
  [{ below: 0 }, 'a number in (-∞, 0)'],
  [{ to: 3 }, 'a number in (-∞, 3]'],
])('%j is said as %s', (range, words) => {
  expect(wordsOf({ number: range })).toBe(words);
});

describe('either', () => {
  const counts = either(wholeNumber(), listOf(wholeNumber()), record(share));

  it('reads with the option that takes the value', () => {
    expect([3, [1, 2], { a: 0.5 }].map((value) => counts.read(value, 'it'))).toEqual([3, [1, 2], { a: 0.5 }]);
  });

  it('has the error of the only option for such a value, or names all options', () => {
    expect(() => counts.read([1, 'x'], 'it')).toThrow('Expected a whole number of 0 or more for it[1], received "x".');
    expect(() => counts.read({ a: 2 }, 'it')).toThrow('Expected a number in [0, 1] for it.a, received 2.');
    expect(() => counts.read('x', 'it')).toThrow('Expected a whole number of 0 or more for it, received "x".');
    const named = either(oneOf('own', 'all'), listOf(flag));
    expect(() => named.read('onw', 'it')).toThrow('Did you mean "own"?');
    const objects = either(shaped({ a: flag }), shaped({ b: flag }));
    expect(() => objects.read({}, 'it')).toThrow('Expected an object, or an object for it, received {}.');
  });
});
