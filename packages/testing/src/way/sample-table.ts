import { mapValues } from '@polytask/components';
import { regression, type DeclaredFeature, type Row, type Task } from '@polytask/core';
import { categorical, idSequence, labelCells } from '@polytask/data';

/** Cells by column. Shorter columns begin again after their last cell. */
type Columns = Readonly<Record<string, readonly unknown[]>>;

/** Features by name, each of one column, or of several. */
type Features = Readonly<Record<string, DeclaredFeature & { readonly columns?: readonly string[] }>>;

const ROWS = 48;
const CITIES = ['Bergen', 'Porto', 'Lyon'];

/** The features and columns of every table: `city` and `device` are categories, `tags` is a sequence of cities. */
const FEATURES = { city: categorical(), device: categorical(), tags: idSequence({ target: 'city' }) };
const COLUMNS: Columns = {
  city: CITIES,
  device: ['phone', 'desk'],
  tags: CITIES.map((_, i) => CITIES.slice(0, i + 1).join('|')),
};

/** A number from 0 to 1 for each row. The rows of a user have different ones. */
const SHARES = Array.from({ length: ROWS }, (_, row) => ((11 * row) % ROWS) / ROWS);

/** The user of each row, for losses that compare the rows of a group. */
export const USERS = Float64Array.from(SHARES, (_, row) => row % 5);

const csvCell = (value: unknown): string => {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * A table of 48 made-up rows, as a CSV file, and its first 12 rows as a program passes them.
 *
 * @param task the task `a`. The task `b` is a regression
 * @param features added to `city`, `device` and `tags`
 * @param columns further cells, and those of the features
 */
export function sampleTable(task: Task, features: Features = {}, columns: Columns = {}) {
  const all: Features = { ...FEATURES, ...features };
  // labels in another order than the features
  const labels = mapValues(labelCells('a', task), (cells) =>
    SHARES.map((share) => cells[Math.floor(share * cells.length)]),
  );
  const cells: Columns = { ...COLUMNS, ...columns, ...labels, b: [0, 3, 1, 4, 2] };
  const cell = (column: string, row: number) => {
    const values = cells[column] ?? [];
    return values[row % values.length];
  };
  const names = Object.keys(cells);
  const lines = SHARES.map((_, row) => names.map((column) => csvCell(cell(column, row))));
  const rowOf = (row: number): Row =>
    mapValues(all, ({ from, columns: several }, name) =>
      several ? several.map((column) => cell(column, row)) : cell(from ?? name, row),
    );
  return {
    declaration: { features: all, tasks: { a: task, b: regression() } },
    csv: [names, ...lines].map((line) => `${line.join(',')}\n`).join(''),
    rows: Array.from({ length: 12 }, (_, row) => rowOf(row)),
  };
}
