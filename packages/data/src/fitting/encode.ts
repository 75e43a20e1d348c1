import { emptyBatch, fail, layoutOf, suggestion, type Batch, type Schema, type Tasks } from '@polytask/core';
import { allRows } from '../columns/all-rows.ts';
import { checkRows } from '../columns/gather.ts';
import { encodedTable, type EncodedTable } from '../examples/encoded-table.ts';
import type { Table } from '../table/table.ts';
import { encodeFeature } from './feature-kinds.ts';
import { encodeLabels } from './encode-labels.ts';

/**
 * Encodes a table with a fitted schema, to the very numbers that the model's own row encoder gives.
 *
 * A task of the schema that the table does not declare has no labels (weight 0 everywhere), so that a table to be
 * predicted can be read with `tasks: {}`.
 *
 * @param rows which rows, in which order; all by default
 * @throws PolytaskError where the table lacks a feature of the schema or declares it as another kind, and for a label that
 * is none, with file, line and column
 * @example const test = encode(await readCsv('test.csv', declaration), train.schema);
 */
export function encode<T extends Tasks>(
  table: Table,
  schema: Schema<T>,
  rows: ArrayLike<number> = allRows(table.size),
): EncodedTable<T> {
  checkRows(rows, table.size);
  const layout = layoutOf(schema);
  const arrays = emptyBatch(rows.length, layout);
  for (const place of layout.places) {
    const declared = table.features[place.name];
    if (declared?.kind !== place.feature.kind) {
      fail({
        expected: `feature "${place.name}" of the schema in the table, ${place.feature.kind}`,
        received: declared
          ? `a ${declared.kind} one`
          : `features ${Object.keys(table.features).length} in number, without it`,
        mend: declared
          ? 'Declare it as it was when the schema was fitted.'
          : suggestion(place.name, Object.keys(table.features)),
      });
    }
    encodeFeature(table, declared, place, layout, rows, arrays);
  }
  const labels: Record<string, Float32Array> = {};
  const weights: Record<string, Float32Array> = {};
  for (const [name, task] of Object.entries(schema.tasks)) {
    const has = name in table.tasks;
    const encoded = has ? encodeLabels(table, name, task, rows) : unlabeled(rows.length);
    [labels[name], weights[name]] = [encoded.labels, encoded.weights];
  }
  return encodedTable(schema, { ...arrays, labels, weights } satisfies Batch);
}

const unlabeled = (size: number) => ({ labels: new Float32Array(size), weights: new Float32Array(size) });
