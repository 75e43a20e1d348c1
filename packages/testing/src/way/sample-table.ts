import { mapValues } from '@polytask/components';
import { regression, type DeclaredFeature, type Row, type Task, type Tasks } from '@polytask/core';
import { categorical, idSequence, labelCells } from '@polytask/data';

/** Cells by column. Shorter columns begin again after their last cell. */
export type Columns = Readonly<Record<string, readonly unknown[]>>;

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

const among = <T>(values: readonly T[]): T[] => SHARES.map((share) => values[Math.floor(share * values.length)]!);

/** A feature of one column, or of several. */
interface OfColumns extends DeclaredFeature {
  readonly columns?: readonly string[];
}

/** A table of made-up rows, as a CSV file and as rows of a program. */
export interface SampleTable {
  readonly features: Readonly<Record<string, DeclaredFeature>>;
  readonly tasks: Tasks;
  readonly csv: string;
  /** The first rows, as a program passes them. */
  readonly rows: readonly Row[];
}

/**
 * A table of 48 rows.
 *
 * @param features added to `city`, `device` and `tags`
 * @param task the task `a`. The task `b` is a regression
 * @param columns further cells, and those of the features
 */
export function sampleTable(
  features: Readonly<Record<string, DeclaredFeature>>,
  task: Task,
  columns: Columns,
): SampleTable {
  const all = { ...FEATURES, ...features };
  const tasks = { a: task, b: regression() };
  const cells: Columns = { ...COLUMNS, ...columns, ...labels('a', task), b: [0, 3, 1, 4, 2] };
  const cell = (column: string, row: number) => {
    const values = cells[column] ?? [];
    return values[row % values.length];
  };
  const lines = SHARES.map((_, row) => Object.keys(cells).map((column) => csvCell(cell(column, row))));
  const rowOf = (row: number): Row =>
    Object.fromEntries(
      Object.entries<OfColumns>(all).map(([name, { from = name, columns: several }]) => [
        name,
        several ? several.map((column) => cell(column, row)) : cell(from, row),
      ]),
    );
  return {
    features: all,
    tasks,
    csv: [Object.keys(cells), ...lines].map((line) => `${line.join(',')}\n`).join(''),
    rows: Array.from({ length: 12 }, (_, row) => rowOf(row)),
  };
}

/** The columns of a task's labels, in another order of the rows. */
const labels = (name: string, task: Task): Columns => mapValues(labelCells(name, task), among);

const csvCell = (value: unknown): string => {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
