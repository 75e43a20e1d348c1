import { expect, it } from 'vitest';
import {
  anything,
  custom,
  either,
  flag,
  listOf,
  number,
  oneOf,
  optional,
  record,
  shaped,
  wholeNumber,
} from './checks.ts';
import { optionTypes } from './option-types.ts';
import type { Described } from './options.ts';

const typesOf = (options: Described) =>
  optionTypes(options).map(({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`);

it('says the type of an option in the words of its check', () => {
  const options = {
    units: listOf(wholeNumber(1), 1),
    rate: optional(number({ from: 0, below: 1 })),
    norm: optional(oneOf('layer', 'none')),
    bias: flag,
    more: anything,
  };
  expect(typesOf(options)).toEqual([
    'units: a list of: a whole number of 1 or more',
    'rate?: a number in [0, 1)',
    'norm?: one of "layer", "none"',
    'bias: true or false',
    'more: any value',
  ]);
});

it('has the options within objects and lists', () => {
  const level = shaped({ shared: optional(wholeNumber()) });
  expect(typesOf({ levels: listOf(level, 1), meta: optional(level) })).toEqual([
    'levels: a list of objects',
    'levels[].shared?: a whole number of 0 or more',
    'meta?: an object',
    'meta.shared?: a whole number of 0 or more',
  ]);
});

it('has defaults that are values, and the words of hand-written checks', () => {
  const described = {
    rate: optional(number({ above: 0 }), 0.5),
    inner: optional(wholeNumber(), ({ rate }) => Number(rate) * 2),
    perTask: optional(either(wholeNumber(), record(wholeNumber())), 1),
    own: custom<string>(() => {}, { words: 'a text of its own' }),
  };
  expect(optionTypes(described)).toEqual([
    { name: 'rate', type: 'a number above 0', required: false, default: 0.5 },
    { name: 'inner', type: 'a whole number of 0 or more', required: false },
    {
      name: 'perTask',
      type: 'a whole number of 0 or more, or an object of these',
      required: false,
      default: 1,
    },
    { name: 'own', type: 'a text of its own', required: true },
  ]);
});
