import { binary } from '@polytask/core';
import { expect, it } from 'vitest';
import { date } from '@polytask/core/features';
import { numeric } from '../declarations/kinds.ts';
import { splitRows } from '../fitting/row-split.ts';
import { fromRows } from '../table/from-rows.ts';
import { rowsInTime } from './rows-in-time.ts';

const ROWS = 300;
const dayOf = (number: number) => new Date(Date.UTC(2024, 0, 1 + number)).toISOString().slice(0, 10);

function warnings(dayOfRow: (row: number) => string | null, column = 'day') {
  const table = fromRows(
    Array.from({ length: ROWS }, (_, i) => ({ [column]: dayOfRow(i), x: i % 7, click: Number(i % 3 === 0) })),
    { features: { [column]: date(), x: numeric() }, tasks: { click: binary() } },
  );
  const { train, validation, test } = splitRows(ROWS, { validation: 0.1, test: 0.2, seed: 7 });
  const parts = { train: table.subset(train), validation: table.subset(validation), test: table.subset(test) };
  return rowsInTime(table, parts);
}

it.each([
  ['a log', (row: number) => dayOf(Math.floor(row / 3))],
  ['a log with the latest row first', (row: number) => dayOf(100 - Math.floor(row / 3))],
])('warns of a random split of %s', (_, of) => {
  const [warning, ...others] = warnings(of);
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ kind: 'rows-in-time', about: { column: 'day', part: 'test' } });
  expect(warning!.message).toMatch(
    /^The rows are in the order of "day", and were split at random: (9\d|100)\.?\d*% of the test rows are earlier than the last training row\./,
  );
  expect(warning!.message).toContain('{ "kind": "time", "column": "day", "validation": 0.1, "test": 0.1 }');
});

it.each<[string, (row: number) => string | null, string?]>([
  ['dates in any order', (row) => dayOf((row * 7919) % 100)],
  ['dates of a birth', (row) => dayOf(row), 'birth_date'],
  ['few dates', (row) => dayOf(Math.floor(row / 50))],
  ['a missing date', (row) => (row === 5 ? null : dayOf(row))],
])('is silent on %s', (_, of, column) => {
  expect(warnings(of, column)).toEqual([]);
});
