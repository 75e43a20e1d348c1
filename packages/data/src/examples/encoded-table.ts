import { fail, layoutOf, type Batch, type Examples, type Schema, type Tasks } from '@polytask/core';
import { checkRows, gather } from '../columns/gather.ts';

/** Encoded rows in memory: what `fit` and `evaluate` read. */
export interface EncodedTable<T extends Tasks = Tasks> extends Examples<T> {
  /** All rows, row-major; the labels of a task are `arrays.labels.income`. Not to be written to. */
  readonly arrays: Batch;
  /** The rows with these numbers, in this order, as a table of their own. */
  subset(rows: ArrayLike<number>): EncodedTable<T>;
}

/**
 * Encoded arrays as a table.
 *
 * @throws PolytaskError where an array has not the length that the schema and `arrays.size` say
 * @example
 * encodedTable(denseSchema(2, { click: binary() }), {
 *   ...emptyBatch(2, layoutOf(schema)), numeric: Float32Array.of(0.1, 0.2, 0.3, 0.4),
 *   labels: { click: Float32Array.of(0, 1) }, weights: { click: Float32Array.of(1, 1) },
 * });
 */
export function encodedTable<T extends Tasks>(schema: Schema<T>, arrays: Batch): EncodedTable<T> {
  const layout = layoutOf(schema);
  const { size } = arrays;
  checkLengths(arrays, layout, Object.keys(schema.tasks));

  const batch = (rows: ArrayLike<number>): Batch => {
    checkRows(rows, size);
    const n = rows.length;
    const numbers = (from: Float32Array, width: number) => gather(from, width, rows, new Float32Array(n * width));
    const ids = (from: Int32Array, width: number) => gather(from, width, rows, new Int32Array(n * width));
    const perTask = (columns: Readonly<Record<string, Float32Array>>) => {
      const taken: Record<string, Float32Array> = {};
      for (const task in columns) taken[task] = numbers(columns[task]!, 1);
      return taken;
    };
    return {
      size: n,
      numeric: numbers(arrays.numeric, layout.numeric),
      ids: ids(arrays.ids, layout.fields),
      bagIds: ids(arrays.bagIds, layout.slots),
      bagWeights: numbers(arrays.bagWeights, layout.slots),
      labels: perTask(arrays.labels),
      weights: perTask(arrays.weights),
    };
  };
  return { schema, size, arrays, batch, subset: (rows) => encodedTable(schema, batch(rows)) };
}

function checkLengths(arrays: Batch, layout: ReturnType<typeof layoutOf>, tasks: readonly string[]): void {
  const { size } = arrays;
  const check = (name: string, width: number, length: number | undefined) => {
    if (length === size * width) return;
    fail({
      expected: `${name} to hold ${size} × ${width} numbers`,
      received: length === undefined ? 'nothing' : String(length),
      mend: 'Encode the rows with the schema that you pass.',
    });
  };
  check('numeric', layout.numeric, arrays.numeric.length);
  check('ids', layout.fields, arrays.ids.length);
  check('bagIds', layout.slots, arrays.bagIds.length);
  check('bagWeights', layout.slots, arrays.bagWeights.length);
  for (const task of tasks) {
    check(`labels.${task}`, 1, arrays.labels[task]?.length);
    check(`weights.${task}`, 1, arrays.weights[task]?.length);
  }
}
