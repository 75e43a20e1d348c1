import { mapValues, mean, suggestion } from '@polytask/components';
import { type Examples, fail, labelsOf, predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { decodedLabels, predictedColumns } from '@polytask/core/internal';
import type { TaskPredictions } from '@polytask/training';
import { contentKey, type PartPredictions } from '../results/trial-result.ts';
import type { SuiteData, TrialData } from '../suites/suite-entry.ts';

/** Predictions of a model that was trained elsewhere, by the ids of the rows. */
export interface ExternalPredictions {
  /** Their file, for errors. */
  readonly source: string;
  /** The id of each row, in any order: see `rowIds`. */
  readonly ids: readonly string[];
  /** By name, a number for each id: `TASK`, or `TASK_CLASS` for each class, as `polytask predict` names them. */
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
}

/** Predictions that are found by the id of a row. */
export interface IndexedPredictions {
  readonly size: number;
  has(id: string): boolean;
  /**
   * Joins the predictions with the labels of the rows of one part.
   *
   * @throws PolytaskError for a row or a task without a prediction, and for a probability outside [0, 1]
   */
  join(examples: Examples, idOf: (row: number) => string, groups?: PartPredictions['groups']): PartPredictions;
}

/** Indexes predictions by their ids. @throws PolytaskError for an id that occurs twice */
export function indexed(external: ExternalPredictions): IndexedPredictions {
  const { ids, source } = external;
  const positions = new Map(ids.map((id, at) => [id, at]));
  const repeated = positions.size === ids.length ? undefined : ids.find((id, at) => positions.get(id) !== at);
  if (repeated !== undefined)
    fail({
      expected: `each row id once in ${source}`,
      received: `"${repeated}" twice`,
      fix: 'Write one prediction for each row.',
    });
  return {
    size: positions.size,
    has: (id) => positions.has(id),
    join(examples, idOf, groups) {
      const { size, schema } = examples;
      const every = Uint32Array.from({ length: size }, (_, row) => row);
      const at = every.map((row) => positions.get(idOf(row)) ?? missingRow(external, idOf(row)));
      const all = examples.batch(every);
      const byTask = mapValues(schema.tasks, (task, name): TaskPredictions => {
        const { labels, weights } = labelsOf(all, name);
        const columns = predictedColumns(task, name).map((column) => columnOf(external, column, schema.tasks));
        const rows = every.filter((row) => weights[row]! > 0);
        const value = (column: ArrayLike<number>, row: number) =>
          checked(column[at[row]!]!, task, name, idOf(row), external);
        return {
          rows,
          labels: decodedLabels(
            task,
            Float64Array.from(rows, (row) => labels[row]!),
          ),
          weights: Float64Array.from(rows, (row) => weights[row]!),
          predictions: Float64Array.from(
            Array.from(rows).flatMap((row) => columns.map((column) => value(column, row))),
          ),
        };
      });
      return { size, groups, byTask };
    },
  };
}

const missingRow = ({ source, ids }: ExternalPredictions, id: string): never =>
  fail({
    expected: `a prediction for row "${id}" in ${source}`,
    received: ids.length === 0 ? 'no rows' : `rows such as "${ids[0]}"`,
    fix: 'Predict the rows that polytask split wrote for this data, these tasks and this seed.',
  });

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

/**
 * The mean of several predictions of all rows of a trial, by part.
 *
 * @param config the description that identifies the data
 * @throws PolytaskError for a row without a prediction
 */
export const meanOf = (
  externals: readonly ExternalPredictions[],
  { train, validation, test, testGroups }: TrialData,
  config: SuiteData['config'],
  seed: number,
): Readonly<Record<RowPart, PartPredictions>> => {
  const files = externals.map(indexed);
  return mapValues({ train, validation, test: test() }, (rows, part) => {
    const parts = files.map((file) =>
      file.join(rows, rowIds(config, seed, part), part === 'test' ? testGroups : undefined),
    );
    const byTask = mapValues(parts[0]!.byTask, (first, task) => ({
      ...first,
      predictions: first.predictions.map((_, i) => mean(parts.map(({ byTask }) => byTask[task]!.predictions[i]!))),
    }));
    return { ...parts[0]!, byTask };
  });
};

export type RowPart = 'train' | 'validation' | 'test';

/**
 * The ids of the rows of one part. An id names the data with the hash of its rows, the seed and the part. So predictions of other rows
 * are told apart, and those of the same rows in another order.
 *
 * @param config the description that identifies the data
 * @returns the id of the row with a 0-based index, such as `9f86d081-17`
 * @example rowIds({ set: 'toy' }, 1, 'test')(17)
 */
export function rowIds(config: SuiteData['config'], seed: number, part: RowPart): (row: number) => string {
  const prefix = contentKey({ data: config, seed, part }).slice(0, 8);
  return (row) => `${prefix}-${row}`;
}
