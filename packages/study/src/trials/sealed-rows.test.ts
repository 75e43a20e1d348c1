import { denseSchema, binary, type Examples } from '@polytask/core';
import { expect, test, vi } from 'vitest';
import { sealedRows, visibleRows } from './sealed-rows.ts';

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
  expect(sealed.open()).toEqual({ rows, groups: [1, 2] });
  expect(() => sealed.open()).toThrow('Expected the test rows of a trial to be opened once, received a second time.');
  expect(given.test).toHaveBeenCalledTimes(1);
  expect(JSON.stringify(sealed)).toBe('{}');
});
