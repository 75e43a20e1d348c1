import { describe, expect, it } from 'vitest';
import { decidingValues } from './deciding-values.ts';

const ROWS = 20_000;
/** From 0 up to 1, independent of that of another `of`. */
function chance(row: number, of: number): number {
  let hash = Math.imul(31 * row + of, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
const rows = Array.from({ length: ROWS }, (_, row) => row);
const classes = (yes: (row: number) => boolean) => ({
  type: 'classes' as const,
  values: rows.map((row) => Number(yes(row))),
});

const visited = (row: number) => chance(row, 1) < 0.15;
const bought = (row: number) => visited(row) && chance(row, 7) < 0.06; // .9% of all rows

describe('decidingValues', () => {
  it('finds a frequent value without any row of a rare class', () => {
    const [found] = decidingValues(
      rows.map((row) => String(Number(visited(row)))),
      classes(bought),
    );
    expect(found).toMatchObject({ value: '0', label: 0, others: 0 });
    expect(found!.rows / ROWS).toBeCloseTo(0.85, 2);
    expect(found!.shareElsewhere).toBeCloseTo(0.94, 1);
  });

  it('finds a status that only one class has', () => {
    const closing = rows.map((row) => (row % 4 ? 'open' : row % 8 ? 'open' : 'closing'));
    expect(
      decidingValues(
        closing,
        classes((row) => row % 4 === 0),
      ),
    ).toMatchObject([{ value: 'closing', label: 1, others: 0 }]);
  });

  it('finds a column that is empty for one class, though for some rows of it alone', () => {
    const chapter = rows.map((row) => (row % 4 || row % 12 === 0 ? '' : `c${row % 5}`));
    expect(
      decidingValues(
        chapter,
        classes((row) => row % 4 === 0),
      ),
    ).toMatchObject([{ value: undefined, label: 1, others: 0 }]);
  });

  it('allows some rows of other classes', () => {
    const values = rows.map((row) => (chance(row, 3) < 0.4 ? 'a' : 'b'));
    const label = (share: number) =>
      classes((row) => (values[row] === 'a' ? chance(row, 11) < share : chance(row, 11) < 0.5));
    expect(decidingValues(values, label(0.01))).toMatchObject([{ value: 'a', label: 0 }]);
    expect(decidingValues(values, label(0.1))).toEqual([]); // a strong value, as there are many
  });

  it('finds a value with which a label is mostly one number', () => {
    const spend = { type: 'number' as const, values: rows.map((row) => (visited(row) ? 5 + (row % 90) : 0)) };
    const clicked = rows.map((row) => (visited(row) ? 'yes' : row % 3 ? 'no' : 'maybe'));
    const found = decidingValues(clicked, spend).map(({ value, label }) => [value, label]);
    expect(found).toEqual([['yes', 0], ['no', 1], ['maybe', 1]]); // prettier-ignore
  });

  it.each([
    ['a value of few rows', rows.map((row) => (row % 8000 === 0 ? 'rare' : 'usual'))],
    ['a value that covers little of a class', rows.map((row) => (chance(row, 1) > 0.85 ? 'child' : 'adult'))],
    ['one value', rows.map(() => 'a')],
    ['a column without a value in labeled rows', rows.map(() => '')],
  ])('finds nothing in %s', (_, values) => expect(decidingValues(values, classes(bought))).toEqual([]));

  it('needs 37 rows of the other classes by chance', () => {
    const some = (count: number) => ({
      values: rows.slice(0, count).map((row) => String(row % 2)),
      label: { type: 'classes' as const, values: rows.slice(0, count).map((row) => Number(row % 4 === 1)) },
    });
    const [few, enough] = [some(280), some(300)]; // 35 and 37.5 of the rows with 0
    expect(decidingValues(few.values, few.label)).toEqual([]);
    expect(decidingValues(enough.values, enough.label)).toMatchObject([{ value: '0', label: 0, rows: 150 }]);
  });
});
