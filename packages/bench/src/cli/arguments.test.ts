import { expect, test } from 'vitest';
import { argument, bytes, count, positive, seeds } from './arguments.ts';

test('seeds: how many, a list, a range', () => {
  expect(seeds('3')).toEqual([1, 2, 3]);
  expect(seeds('4, 7')).toEqual([4, 7]);
  expect(seeds('6-8')).toEqual([6, 7, 8]);
  expect(seeds('7-7')).toEqual([7]);
});

test.each(['0', 'x', '-1', '1,', '1.5', '', '3-1', '2,2'])('seeds "%s" is refused with what was expected', (text) => {
  expect(() => seeds(text)).toThrow(/^Expected/);
});

test('counts and numbers', () => {
  expect(count('--epochs')('12')).toBe(12);
  expect(positive('--learning-rate')('1e-3')).toBe(0.001);
  for (const text of ['0', '1.5', 'ten', ''])
    expect(() => count('--epochs')(text)).toThrow(`Expected a whole number of 1 or more for --epochs, received`);
  for (const text of ['0', '-1', 'fast', '', 'Infinity'])
    expect(() => positive('--learning-rate')(text)).toThrow('Expected a number above 0 for --learning-rate, received');
});

test('sizes', () => {
  expect(['500MB', '1.5GB'].map(bytes)).toEqual([5e8, 1.5e9]);
  for (const text of ['500', '0GB', '-1GB', 'GB', '1 GB', '1gb'])
    expect(() => bytes(text)).toThrow(`Expected a size in MB or GB, received "${text}"`);
});

test("an error that isn't the user's goes through", () => {
  const bug = new TypeError('a bug');
  expect(() =>
    argument(() => {
      throw bug;
    })('x'),
  ).toThrow(bug);
});
