import {
  labelsOf,
  emptyBatch,
  labelEncoder,
  labelOf,
  fail,
  layoutOf,
  suggestion,
  type Batch,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';
import { allRows, checkRows } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { encodedTable, type EncodedTable } from '../examples/encoded-table.ts';
import type { Table } from '../table/table.ts';
import { encodeFeature } from './encode-feature.ts';
import { labelReader, weightReader } from './labels.ts';

/**
 * Encodes a table with a fitted schema, to exactly the numbers of the model's own row encoder.
 *
 * A task of the schema that the table does not declare has no labels: its weights are 0. To predict a table, read it with
 * `tasks: {}`.
 *
 * @param rows the row indices, in order; default: all rows
 * @throws PolytaskError for a feature of the schema that the table lacks or declares as another kind, and for a text that is no
 * label of its task, with file, line and column
 * @example const test = encode(await readCsv('test.csv', declaration), train.schema);
 */
export function encode<T extends Tasks>(
  table: Table,
  schema: Schema<T>,
  rows: ArrayLike<number> = allRows(table.size),
): EncodedTable<T> {
  checkRows(rows, table.size);
  const layout = layoutOf(schema);
  const arrays = emptyBatch(rows.length, layout, Object.keys(schema.tasks));
  for (const place of layout.places) {
    const declared = table.features[place.name];
    if (declared?.kind !== place.feature.kind) {
      const names = Object.keys(table.features);
      fail({
        expected: `feature "${place.name}" of the schema in the table, ${place.feature.kind}`,
        received: declared ? `a ${declared.kind} one` : `features ${names.length} in number, without it`,
        mend: declared ? 'Declare it as it was when the schema was fitted.' : suggestion(place.name, names),
      });
    }
  }
  for (const place of layout.places) encodeFeature(table, table.features, place, layout, rows, arrays);
  for (const [name, task] of Object.entries(schema.tasks))
    if (name in table.tasks) encodeLabels(table, name, task, rows, labelsOf(arrays, name));
  return encodedTable(schema, { ...arrays, ...groupsOfRows(table, rows) });
}

/** The groups of a table that declares their column: the codes of its texts, −1 where there is none. */
const groupsOfRows = ({ columns, groups }: Table, rows: ArrayLike<number>): Pick<Batch, 'groups'> =>
  groups === undefined ? {} : { groups: Int32Array.from(rows, (row) => columns.texts[groups]!.codes[row]!) };

/** Writes the labels and weights of one task, [rows]. Labels of a regression are standardized. A missing label keeps 0 and 0. */
function encodeLabels(
  table: Table,
  name: string,
  task: Task,
  rows: ArrayLike<number>,
  { labels, weights }: ReturnType<typeof labelsOf>,
): void {
  const labelOf = labelReader(table, name, task);
  const [weightOf, encode] = [weightReader(table, task), labelEncoder(task)];
  for (let i = 0; i < rows.length; i++) {
    const label = labelOf(rows[i]!);
    if (Number.isNaN(label)) continue;
    labels[i] = encode(label);
    if (!Number.isFinite(labels[i])) {
      const scaled = isStandardized(task) ? ' after standardizing' : '';
      const expected = `a label of task "${name}" that 32 bits can hold${scaled}`;
      wrongValue(label, expected, task.from ?? name, table.where(rows[i]!), 'Correct the cell, or leave it empty.');
    }
    weights[i] = weightOf(rows[i]!);
  }
}

function isStandardized(task: Task): boolean {
  const label = labelOf(task);
  return label.type === 'number' && label.scale === 'standard';
}
