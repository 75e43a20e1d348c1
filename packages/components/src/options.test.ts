import { describe, expect, it } from 'vitest';
import { flag, listOf, optional, shaped, wholeNumber } from './checks.ts';
import { checkOptions, type Options } from './options.ts';

interface Level {
  units: number;
  last?: boolean;
}

const level: Options<Level> = { units: wholeNumber(1), last: optional(flag) };
const options: Options<{ levels: readonly Level[] }> = { levels: listOf(shaped(level), 1) };

describe('checkOptions', () => {
  it('takes what fits, and options that are left out', () => {
    expect(() => checkOptions({ levels: [{ units: 2 }, { units: 1, last: true }] }, options, 'stack')).not.toThrow();
    expect(() => checkOptions({ units: 2, last: undefined }, level, 'stack')).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ level: [] }, 'Expected an option of stack, received "level". Did you mean "levels"?'],
    [
      { levels: [{ units: 1 }, { unit: 1 }] },
      'Expected an option of stack.levels[1], received "unit". Did you mean "units"?',
    ],
    [{ levels: [{ units: 1, last: 'yes' }] }, 'Expected true or false for stack.levels[0].last, received "yes".'],
    [{ levels: [{}] }, 'Expected a whole number, 1 or more, for stack.levels[0].units, received nothing.'],
    [
      { levels: [3] },
      'Expected an object with the options of stack.levels[0], received 3. Its options are units, last.',
    ],
    [null, 'Expected an object with the options of stack, received null.'],
    [[], 'Expected an object with the options of stack, received [].'],
    [{ levels: [{ units: 1, constructor: 1 }] }, 'Expected an option of stack.levels[0], received "constructor".'],
  ])('refuses %j', (config, message) => {
    expect(() => checkOptions(config, options, 'stack')).toThrow(message);
  });
});
