import { checks, fail, type Check } from '@polytask/core';

export const { anything, string } = checks;

/** A string that is not empty. */
export const text: Check = (value, where) => {
  if (typeof value === 'string' && value !== '') return;
  fail({
    expected: `a text for ${where}`,
    received: JSON.stringify(value) ?? 'nothing',
    fix: 'Write some text in quotes.',
  });
};

export const strings = checks.listOf(string);
export const texts = checks.listOf(text);

/** A text, or a list with at least one. */
export const oneOrMore: Check = (value, where) =>
  Array.isArray(value) ? checks.listOf(text, 1)(value, where) : text(value, where);

export const fraction = checks.number('a fraction from 0 to less than 1', (value) => value >= 0 && value < 1);
