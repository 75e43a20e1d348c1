import { binary, denseSchema, emptyBatch, layoutOf, type Examples } from '@polytask/core';
import { expect, test, vi } from 'vitest';
import { sealedRows, testRowsOf, visibleRows } from './open-data.ts';

const rows: Examples = {
  schema: denseSchema(1, { a: binary() }),
  size: 0,
  batch: () => {
    throw new Error('not read here');
  },
};
const data = () => ({ train: rows, validation: { ...rows }, test: vi.fn(() => rows), testGroups: [1, 2] });

test('what a search is given has no test rows, by any name', () => {
  const given = data();
  expect(Object.entries(visibleRows(given))).toEqual([
    ['train', given.train],
    ['validation', given.validation],
  ]);
  expect(Object.getPrototypeOf(visibleRows(given))).toBe(Object.prototype);
});

test('test rows are made when they are opened, and opened once', () => {
  const given = data();
  const { test: sealed } = sealedRows(given);
  expect(given.test).not.toHaveBeenCalled();
  expect(sealed()).toEqual({ rows, groups: [1, 2] });
  expect(() => sealed()).toThrow('Expected the test rows of a trial to be opened once, received a second time.');
  expect(given.test).toHaveBeenCalledTimes(1);
  expect(Object.keys(sealed)).toEqual([]);
});

test('test rows have the groups that they carry, if the trial names none', () => {
  const { testGroups: _, ...plain } = data();
  expect(testRowsOf(plain).groups).toBeUndefined();
  const batch = (at: ArrayLike<number>) => ({
    ...emptyBatch(at.length, layoutOf(rows.schema), ['a']),
    groups: Int32Array.from(at, (row) => [4, -1, 4, -1][row]!),
  });
  const carrying = { ...plain, test: () => ({ ...rows, size: 4, batch }) };
  expect([...(testRowsOf(carrying).groups as Int32Array)]).toEqual([4, -2, 4, -4]);
  expect(testRowsOf({ ...carrying, testGroups: [1, 2, 1, 2] }).groups).toEqual([1, 2, 1, 2]);
});
