import { groupBy, mapValues, notKnown } from '@polytask/components';
import { decodeFeatures, fail, type Examples, type MultiTaskModel, type Tasks } from '@polytask/core';
import type { GroupArray, Metric } from '@polytask/metrics';
import { haveGroups } from '../rows/rows.ts';
import { evaluate, type EvaluateOptions } from './evaluate.ts';
import { DEFAULT_BATCH, type TaskPredictions } from './measure.ts';
import { metricTable, type DefaultMetrics } from './metric-table.ts';

/** The metrics on the rows with one value of a feature. */
export interface ScoresOfValue {
  /** The value as text; null if it is missing, `(other)` if no training row had it, the number of its bucket if it is hashed. */
  readonly value: string | null;
  readonly rows: number;
  /** By task and metric. NaN where a metric isn't defined, such as the AUC of one class. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface MeasuredTask {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly predicted: TaskPredictions;
}

/** More values than this are an id: the metrics of each would be noise. */
const MOST = 200;

/**
 * Computes the metrics of each task for each value of a feature, such as the tab of an app: a model may be good on all rows, and bad in one
 * scenario. The feature has one column: an id, or a number with few values.
 *
 * @param by the name of the feature
 * @param options as for `evaluate`
 * @returns the values with the most rows first
 * @throws PolytaskError when the feature is unknown, or has more than 200 values
 * @example
 * for (const { value, rows, metrics } of await evaluateBy(model, test, 'tab')) console.log(value, rows, metrics.click.auc);
 */
export async function evaluateBy<T extends Tasks>(
  model: MultiTaskModel<T>,
  examples: Examples<T>,
  by: string,
  options: Omit<EvaluateOptions<T, DefaultMetrics, GroupArray | undefined>, 'predictions'> = {},
): Promise<ScoresOfValue[]> {
  const { tasks } = model.schema;
  const { values, groups: carried } = readColumn(examples, by);
  const groups = options.groups ?? carried;
  const { predictions } = await evaluate(model, examples, { ...options, predictions: true });
  const metrics = metricTable(tasks, options.metrics, options.groups !== undefined || haveGroups(examples, tasks));
  const measured = mapValues(metrics, (own, task) => ({ metrics: own, predicted: predictions[task]! }));
  return scoresBy(values, measured, groups);
}

/**
 * The metrics of predictions for each value of a column.
 *
 * @param values the value of each evaluated row
 * @param groups the group of each row, for metrics that compare rows of a group
 * @param only the values to measure. Default: all
 * @returns the values with the most rows first
 */
export function scoresBy(
  values: readonly (string | null)[],
  measured: Readonly<Record<string, MeasuredTask>>,
  groups?: GroupArray,
  only?: readonly (string | null)[],
): ScoresOfValue[] {
  const counted = [...groupBy(values, (value) => value)].filter(([value]) => only?.includes(value) ?? true);
  const most = counted.sort(([, a], [, b]) => b.length - a.length);
  return most.map(([value, { length: rows }]) => ({
    ...{ value, rows },
    metrics: mapValues(measured, ({ metrics, predicted: { rows: at, labels, predictions, weights } }) => {
      const mask = Array.from(at, (row) => values[row] === value);
      const own = groups && Array.from(at, (row) => groups[row]!);
      return mapValues(metrics, (metric) =>
        metric.create().update(labels, predictions, { weights, mask, groups: own }).compute(),
      );
    }),
  }));
}

/**
 * A feature of encoded rows as text, and the groups that the rows carry.
 *
 * @throws PolytaskError when the feature is unknown, has several columns, or has more than 200 values
 */
export function readColumn(
  examples: Examples,
  name: string,
): { values: (string | null)[]; groups: (number | string)[] | undefined } {
  const { schema, size } = examples;
  const values: (string | null)[] = [];
  const groups: (number | string)[] = [];
  const distinct = new Set<string | null>();
  for (let from = 0; from < size; from += DEFAULT_BATCH) {
    const rows = examples.batch(Uint32Array.from({ length: Math.min(DEFAULT_BATCH, size - from) }, (_, i) => from + i));
    const column = decodeFeatures(rows, schema).find((each) => each.name === name);
    if (!column)
      return notKnown(name, Object.keys(schema.features), 'a feature with one column, to measure each of its values');
    for (const value of column.values) {
      const text = value === null ? null : String(value);
      values.push(text);
      distinct.add(text);
    }
    if (distinct.size > MOST) {
      return fail({
        expected: `a feature of at most ${MOST} values, to measure each of them`,
        received: `"${name}", which has more`,
        fix: 'Name a feature with fewer values, or pass the feature as groups, for metrics within groups.',
      });
    }
    rows.groups?.forEach((group, i) => groups.push(group < 0 ? `row ${from + i}` : group));
  }
  return { values, groups: groups.length > 0 ? groups : undefined };
}
