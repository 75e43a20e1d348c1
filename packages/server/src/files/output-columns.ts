import { fail } from '@polytask/components';
import { decisionsOf, predictionTypeOf, type Decision, type Predictions, type Task, type Tasks } from '@polytask/core';
import { predictedColumns } from '@polytask/core/internal';
import type { EncodedTable, Table } from '@polytask/data';
import { likeliestOf } from '../row-predictions.ts';
import type { ColumnValues, FileColumn } from './write-rows.ts';

/** Some rows of a stream, with their predictions. */
export interface PredictedTable<T extends Tasks = Tasks> {
  /** The raw rows, with the columns that the stream keeps. */
  readonly table: Table;
  /** The rows as the model reads them. */
  readonly batch: EncodedTable['arrays'];
  /** As `model.predict` gives them, in the order of the rows. */
  readonly predictions: Predictions<T>;
}

export interface OutputColumn extends FileColumn {
  values(rows: Pick<PredictedTable, 'table' | 'predictions'>): ColumnValues;
}

/** The columns of a file of predictions: the kept columns of the input, then those of each task, as docs/serving.md lists them. */
export function outputColumns(tasks: Tasks, keep: readonly string[]): OutputColumn[] {
  const columns = [
    ...keep.map(keptColumn),
    ...Object.entries(tasks).flatMap(([name, task]) => [
      ...predictionColumns(name, task),
      ...decisionsOf(task).map((each) => decisionColumn(name, each)),
    ]),
  ];
  const names = columns.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated === undefined) return columns;
  return fail({
    expected: 'columns of different names in the file of predictions',
    received: `"${repeated}" twice`,
    fix: 'Leave that column out of keep: predictions are called like their tasks.',
  });
}

function predictionColumns(name: string, task: Task): OutputColumn[] {
  const { isExclusive, names } = predictionTypeOf(task);
  const numbers = predictedColumns(task, name).map((each, at, { length }) => numberColumn(each, name, at, length));
  if (!isExclusive) return numbers;
  const likeliest: OutputColumn['values'] = ({ table, predictions }) =>
    Array.from({ length: table.size }, (_, row) => names[likeliestOf(predictions[name]!, names.length, row)]!);
  return [{ name, kind: 'text', values: likeliest }, ...numbers];
}

const BETWEEN = '|';

/** `TASK.low`, `TASK.high`, `TASK.set` or `TASK.decision`. */
const decisionColumn = (task: string, { name, names, of }: Decision): OutputColumn => ({
  name: `${task}.${name}`,
  kind: names ? 'text' : 'float',
  values({ table, predictions }) {
    const each = (row: number) => of(predictions[task]!, row);
    if (!names) return Float32Array.from({ length: table.size }, (_, row) => each(row) as number);
    return Array.from({ length: table.size }, (_, row) => [each(row)].flat().join(BETWEEN));
  },
});

const keptColumn = (name: string): OutputColumn => ({
  name,
  kind: 'text',
  values({ table }) {
    const { codes, dictionary } = table.columns.texts[name]!;
    return Array.from(codes, (code) => (code < 0 ? null : dictionary[code]!));
  },
});

/** Number `at` of the `width` numbers that a task predicts for a row. */
const numberColumn = (name: string, task: string, at: number, width: number): OutputColumn => ({
  name,
  kind: 'float',
  values({ predictions }) {
    const scores = predictions[task]!;
    if (width === 1) return scores;
    return Float32Array.from({ length: scores.length / width }, (_, row) => scores[row * width + at]!);
  },
});
