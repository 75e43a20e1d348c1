import {
  fail,
  layoutOf,
  copyBatch,
  batchArrays,
  GROUPS,
  type Batch,
  type Examples,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { checkRows, gather } from '../columns/columns.ts';

/** Encoded rows in memory, for `fit` and `evaluate`. */
export interface EncodedTable<T extends Tasks = Tasks, F extends string = string> extends Examples<T, F> {
  /** All rows, row-major. `labelsOf(arrays, 'income')` has the labels of a task. Don't write to the arrays. */
  readonly arrays: Batch;
  /** The rows with these indices, in this order. */
  subset(rows: ArrayLike<number>): EncodedTable<T, F>;
}

/**
 * Makes a table of encoded arrays.
 *
 * @throws PolytaskError for an array with another length than the schema and `arrays.size` give
 * @example
 * encodedTable(denseSchema(2, { click: binary() }), {
 *   ...emptyBatch(2, layoutOf(schema), ['click']), numeric: Float32Array.of(0.1, 0.2, 0.3, 0.4),
 *   labels: Float32Array.of(0, 1), weights: Float32Array.of(1, 1),
 * });
 */
export function encodedTable<T extends Tasks, F extends string = string>(
  schema: Schema<T, F>,
  arrays: Batch,
): EncodedTable<T, F> {
  checkLengths(schema, arrays);
  const batch = (rows: ArrayLike<number>): Batch => {
    checkRows(rows, arrays.size);
    return copyBatch(arrays, rows.length, (from, to, width) => void gather(from, width, rows, to));
  };
  return { schema, size: arrays.size, arrays, batch, subset: (rows) => encodedTable(schema, batch(rows)) };
}

function checkLengths(schema: Schema, arrays: Batch): void {
  const expected = batchArrays(layoutOf(schema), Object.keys(schema.tasks));
  for (const { name, width, of } of arrays.groups ? [...expected, GROUPS] : expected) {
    const length = of(arrays)?.length;
    if (length === arrays.size * width) continue;
    fail({
      expected: `${name} to hold ${arrays.size} × ${width} numbers`,
      received: length === undefined ? 'nothing' : String(length),
      fix: 'Encode the rows with the schema that you pass.',
    });
  }
}

/**
 * Gives the rows of an encoded table their groups, for losses that compare the rows of a group. A table whose declaration names the column
 * `groups` has them already.
 *
 * @param groups the number of each row's group, as {@link groupsOf} gives them
 * @throws PolytaskError when there is not one group for each row
 * @example const train = withGroups(encode(raw, schema), groupsOf(raw, 'user_id'));
 */
export function withGroups<T extends Tasks, F extends string = string>(
  table: EncodedTable<T, F>,
  groups: ArrayLike<number>,
): EncodedTable<T, F> {
  const numbers = new Map<number, number>();
  const codes = Int32Array.from(groups, (group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
  return encodedTable(table.schema, { ...table.arrays, groups: codes });
}
