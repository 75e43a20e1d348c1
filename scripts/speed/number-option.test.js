import { expect, test } from 'vitest';
import { numberOption, numbersOption } from './number-option.js';

test('whole numbers above 0, and nothing else', () => {
  expect(numberOption('steps', '12')).toBe(12);
  expect(numbersOption('threads', '1, 2')).toEqual([1, 2]);
  for (const text of ['', '0', '-1', '1.5', 'many', '1,,2'])
    expect(() => numbersOption('threads', text)).toThrow(`received "${text}"`);
  expect(() => numberOption('steps', '1,2')).toThrow('Expected one number for --steps, received "1,2".');
});
