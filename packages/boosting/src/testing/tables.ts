import { mapValues, recordOf } from '@polytask/components';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Columns } from '../columns.ts';

const CENSUS = new URL('../../../../apps/playground/public/census-income.csv.gz', import.meta.url);
const NUMBERS = ['age', 'capital_gains', 'dividends', 'employer_size', 'weeks_worked'];
const LABELS = ['income', 'never_married'] as const;

/** Numbers in [0, 1), the same in every language: [rows × columns]. */
export function draws(seed: number, rows: number, columns: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** A table of six columns, a fifth of whose `x3` is missing, and a number to predict. */
export function madeTable(seed: number, rows: number): { columns: Record<string, Float64Array>; number: Float64Array } {
  const all = draws(seed, rows, 8);
  const u = (row: number, column: number) => all[row * 8 + column]!;
  const columns = Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((c) => [
      `x${c}`,
      Float64Array.from({ length: rows }, (_, row) => (c === 3 && u(row, 7) < 0.2 ? NaN : u(row, c))),
    ]),
  );
  const number = Float64Array.from({ length: rows }, (_, row) => {
    const curve = 20 * (u(row, 2) - 0.5) * (u(row, 2) - 0.5);
    return 10 * u(row, 0) * u(row, 1) + curve + 10 * u(row, 3) + 5 * u(row, 4) + 4 * (u(row, 6) - 0.5);
  });
  return { columns, number };
}

/** The 4,500 rows of census-income that the playground has. */
export function censusSample(): {
  columns: Record<string, (string | number | null)[]>;
  labels: Record<(typeof LABELS)[number], number[]>;
} {
  const [header = '', ...lines] = gunzipSync(readFileSync(CENSUS)).toString().trimEnd().split('\n');
  const cells = lines.map((line) => line.split(','));
  const column = (name: string) => cells.map((row) => row[header.split(',').indexOf(name)]!);
  const features = header.split(',').filter((name) => !(LABELS as readonly string[]).includes(name));
  return {
    columns: recordOf(features, (name) =>
      column(name).map((cell) => (cell === '' ? null : NUMBERS.includes(name) ? Number(cell) : cell)),
    ),
    labels: {
      income: column('income').map((cell) => Number(cell === 'yes')),
      never_married: column('never_married').map((cell) => Number(cell === 'yes')),
    },
  };
}

export const rowsOf = (
  columns: Readonly<Record<string, { slice(first: number, end: number): unknown }>>,
  first: number,
  end: number,
) => mapValues(columns, (values) => values.slice(first, end)) as Columns;
