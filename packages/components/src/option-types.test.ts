import { expect, it } from 'vitest';
import { anything, flag, listOf, number, oneOf, optional, shaped, wholeNumber } from './checks.ts';
import { optionTypes } from './option-types.ts';
import { fail } from './errors.ts';
import type { Check } from './options.ts';

const typesOf = (options: Readonly<Record<string, Check>>) =>
  optionTypes(options).map(({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`);

it('says the type of an option in the words of its check', () => {
  const options = {
    units: listOf(wholeNumber(1), 1),
    rate: optional(number('a rate in [0, 1)', (value) => value >= 0 && value < 1)),
    norm: optional(oneOf('layer', 'none')),
    bias: flag,
    more: anything,
  };
  expect(typesOf(options)).toEqual([
    'units: a list of: a whole number, 1 or more',
    'rate?: a rate in [0, 1)',
    'norm?: one of "layer", "none"',
    'bias: true or false',
    'more?: any value',
  ]);
});

it('has the options within objects and lists', () => {
  const level = shaped({ shared: optional(wholeNumber()) });
  expect(typesOf({ levels: listOf(level, 1), meta: optional(level) })).toEqual([
    'levels: a list of objects',
    'levels[].shared?: a whole number, 0 or more',
    'meta?: an object',
    'meta.shared?: a whole number, 0 or more',
  ]);
});

it('says that a check takes a list or names besides a value', () => {
  const count = wholeNumber();
  const perTask: Check = (value, where) => {
    if (Array.isArray(value)) value.forEach((each, i) => count(each, `${where}[${i}]`));
    else if (typeof value === 'object') Object.entries(value!).forEach(([key, each]) => count(each, `${where}.${key}`));
    else count(value, where);
  };
  expect(typesOf({ perTask })).toEqual(['perTask: a whole number, 0 or more, or a list, or by name']);
});

it('has the words of a check whose error names no place', () => {
  const check: Check = (value) =>
    value === 'relu' || fail({ expected: 'a function', received: '…', fix: 'Take relu.' });
  expect(typesOf({ check })).toEqual(['check: a function']);
});
