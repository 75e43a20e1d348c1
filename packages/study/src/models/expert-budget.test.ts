import { expect, test } from 'vitest';
import { withoutShared, withShared } from './expert-budget.ts';

test.each([
  [6, 3, { perTask: 1, shared: 3 }],
  [9, 3, { perTask: 2, shared: 3 }],
  [4, 3, { perTask: 1, shared: 1 }],
  [3, 2, { perTask: 1, shared: 1 }],
])('%i experts for %i tasks', (experts, tasks, expected) => {
  expect(withShared(experts, tasks)).toEqual(expected);
});

test('too few experts for a shared one, or an uneven number of own ones, is refused', () => {
  expect(() => withShared(3, 3)).toThrow('Expected at least 4 experts a level');
  expect(withoutShared(6, 3)).toBe(2);
  expect(() => withoutShared(7, 3)).toThrow('received 7. Take 6.');
  expect(() => withoutShared(2, 3)).toThrow('Take 3.');
});
