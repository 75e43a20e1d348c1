import { describe, expect, it } from 'vitest';
import { flag, listOf, optional, shaped, wholeNumber } from './checks.ts';
import { readOptions } from './options.ts';

const level = { units: wholeNumber(1), last: optional(flag) };
const options = { levels: listOf(shaped(level), 1) };

describe('readOptions', () => {
  it('takes what fits, and options that are left out', () => {
    expect(() => readOptions({ levels: [{ units: 2 }, { units: 1, last: true }] }, options, 'stack')).not.toThrow();
    expect(() => readOptions({ units: 2, last: undefined }, level, 'stack')).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ level: [] }, 'Expected an option of stack, received "level". Did you mean "levels"?'],
    [
      { levels: [{ units: 1 }, { unit: 1 }] },
      'Expected an option of stack.levels[1], received "unit". Did you mean "units"?',
    ],
    [{ levels: [{ units: 1, last: 'yes' }] }, 'Expected true or false for stack.levels[0].last, received "yes".'],
    [{ levels: [{}] }, 'Expected a whole number of 1 or more for stack.levels[0].units, received nothing.'],
    [
      { levels: [3] },
      'Expected an object with the options of stack.levels[0], received 3. Its options are units, last.',
    ],
    [null, 'Expected an object with the options of stack, received null.'],
    [[], 'Expected an object with the options of stack, received [].'],
    [{ levels: [{ units: 1, constructor: 1 }] }, 'Expected an option of stack.levels[0], received "constructor".'],
  ])('refuses %j', (config, message) => {
    expect(() => readOptions(config, options, 'stack')).toThrow(message);
  });
});

describe('defaults', () => {
  const options = {
    units: optional(wholeNumber(1), 8),
    inner: optional(wholeNumber(1), ({ units }) => 4 * Number(units)),
  };

  it('are filled in where an option is left out or undefined, and may depend on the options before', () => {
    expect(readOptions({}, options, 'it')).toEqual({ units: 8, inner: 32 });
    expect(readOptions({ units: 2, inner: undefined }, options, 'it')).toEqual({ units: 2, inner: 8 });
    expect(readOptions({ inner: 1 }, options, 'it')).toEqual({ units: 8, inner: 1 });
  });

  it('of nested options are filled in, too', () => {
    const nested = { levels: listOf(shaped(options)) };
    expect(readOptions({ levels: [{ units: 1 }] }, nested, 'it')).toEqual({ levels: [{ units: 1, inner: 4 }] });
  });
});
