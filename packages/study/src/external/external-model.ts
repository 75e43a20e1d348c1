import {
  labelsOf,
  fail,
  labelDecoder,
  type Examples,
  suggestion,
  type Task,
  type Tasks,
  predictionTypeOf,
} from '@polytask/core';
import type { TaskPredictions } from '@polytask/training';
import type { PartPredictions } from '../results/trial-result.ts';

/** A model that was trained elsewhere. Its predictions make it a row of the tables. */
export interface ExternalModel {
  /** The name of the row. */
  readonly name: string;
  /**
   * Reads the predictions of the model that was trained on the training rows of a seed.
   *
   * @param setting the title of the table; '' for a suite with one setting
   * @param tasks the tasks to predict, for the names of the columns
   * @throws PolytaskError when there are none
   */
  read(setting: string, seed: number, tasks: Tasks): Promise<ExternalPredictions>;
}

/** Predictions by the ids of the rows: of all test rows, and perhaps of all validation rows. */
export interface ExternalPredictions {
  /** Their file, for errors. */
  readonly source: string;
  /** The id of each row, in any order: see `rowIds`. */
  readonly ids: readonly string[];
  /** By name, a number for each id: `TASK`, or `TASK[0]`, `TASK[1]`, … for the classes of a multiclass task. */
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
}

/** The names of the columns with a task's predictions: `TASK`, or `TASK[0]`, `TASK[1]`, … the probabilities of its classes. */
export function predictionColumns(name: string, task: Task): string[] {
  const { names } = predictionTypeOf(task);
  return names.length > 0 ? names.map((_, i) => `${name}[${i}]`) : [name];
}

/** The position of each id. @throws PolytaskError for an id that occurs twice */
export function positionsOf({ ids, source }: ExternalPredictions): ReadonlyMap<string, number> {
  const positions = new Map(ids.map((id, at) => [id, at]));
  if (positions.size === ids.length) return positions;
  const repeated = ids.find((id, at) => positions.get(id) !== at);
  return fail({
    expected: `each row id once in ${source}`,
    received: `"${repeated}" twice`,
    fix: 'Write one prediction for each row.',
  });
}

/**
 * Joins predictions with the labels of the rows of one part.
 *
 * @param idOf the id of each row
 * @throws PolytaskError when a row or a task has no prediction, or a prediction can't be one
 */
export function joinLabels(
  external: ExternalPredictions,
  positions: ReadonlyMap<string, number>,
  examples: Examples,
  idOf: (row: number) => string,
  groups?: PartPredictions['groups'],
): PartPredictions {
  const { size, schema } = examples;
  const at = Uint32Array.from(
    { length: size },
    (_, row) => positions.get(idOf(row)) ?? missingRow(external, idOf(row)),
  );
  const all = examples.batch(Uint32Array.from({ length: size }, (_, row) => row));
  const tasks = Object.entries<Task>(schema.tasks);
  return {
    size,
    groups,
    byTask: Object.fromEntries(
      tasks.map(([name, task]): [string, TaskPredictions] => {
        const { labels, weights } = labelsOf(all, name);
        const columns = predictionColumns(name, task).map((column) => columnOf(external, column, schema.tasks));
        const rows = Uint32Array.from({ length: size }, (_, row) => row).filter((row) => weights[row]! > 0);
        const decode = labelDecoder(task);
        const value = (column: ArrayLike<number>, row: number) =>
          checked(column[at[row]!]!, task, name, idOf(row), external);
        return [
          name,
          {
            rows,
            labels: Float64Array.from(rows, (row) => decode(labels[row]!)),
            weights: Float64Array.from(rows, (row) => weights[row]!),
            predictions: Float64Array.from(
              Array.from(rows).flatMap((row) => columns.map((column) => value(column, row))),
            ),
          },
        ];
      }),
    ),
  };
}

function missingRow({ source, ids }: ExternalPredictions, id: string): never {
  return fail({
    expected: `a prediction for row "${id}" in ${source}`,
    received: ids.length === 0 ? 'no rows' : `rows such as "${ids[0]}"`,
    fix: 'Predict the test rows that polytask split wrote for this data, these tasks and this seed.',
  });
}

function columnOf({ columns, source }: ExternalPredictions, name: string, tasks: Tasks): ArrayLike<number> {
  if (Object.hasOwn(columns, name)) return columns[name]!;
  return fail({
    expected: `column "${name}" in ${source}`,
    received: `the columns ${Object.keys(columns).join(', ')}`,
    fix: `Each of ${Object.keys(tasks).join(', ')} needs its predictions. ${suggestion(name, Object.keys(columns))}`,
  });
}

function checked(value: number, task: Task, name: string, id: string, { source }: ExternalPredictions): number {
  const { isProbability } = predictionTypeOf(task);
  if (isProbability ? value >= 0 && value <= 1 : Number.isFinite(value)) return value;
  return fail({
    expected: `${isProbability ? 'a probability' : 'a number'} for task "${name}" of row "${id}" in ${source}`,
    received: String(value),
    fix: isProbability ? 'Write the probability, not the class or the logit.' : 'Predict in the unit of the label.',
  });
}
