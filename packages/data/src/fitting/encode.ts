import { fail, suggestion } from '@polytask/components';
import {
  emptyBatch,
  labelOf,
  unitOf,
  labelsOf,
  layoutOf,
  type Batch,
  type FeatureArrays,
  type FeaturePosition,
  type Layout,
  type Schema,
  type Task,
  type Tasks,
  BATCH_PARTS,
  featureParts,
  labelEncoder,
  valueEncoder,
} from '@polytask/core';
import { checkLength } from '@polytask/core/internal';
import { allRows, checkRows, columnIn, type Need, listLength, valueReader, wrongValue } from '../columns/columns.ts';
import { inCell } from '../declarations/declared-kind.ts';
import { featureNeeds } from '../declarations/features.ts';
import { encodedTable, type EncodedTable } from '../examples/encoded-table.ts';
import type { Table } from '../table/table.ts';
import { labelReader, trainedAs, weightReader } from '../labels/index.ts';

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
export function encode<T extends Tasks, F extends string = string>(
  table: Table,
  schema: Schema<T, F>,
  rows: ArrayLike<number> = allRows(table.size),
): EncodedTable<T, F> {
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
        fix: declared ? 'Declare it as it was when the schema was fitted.' : suggestion(place.name, names),
      });
    }
  }
  for (const place of layout.places) encodeFeature(table, place, layout, rows, arrays);
  for (const [name, task] of Object.entries(schema.tasks))
    if (name in table.tasks) encodeLabels(table, name, task, rows, labelsOf(arrays, name));
  return encodedTable(schema, { ...arrays, ...groupsOfRows(table, rows) });
}

/** Writes one feature of these rows into the arrays, with core's encoder of single values. */
function encodeFeature(
  table: Table,
  place: FeaturePosition,
  layout: Layout,
  rows: ArrayLike<number>,
  arrays: FeatureArrays,
): void {
  const { name, form, sequence } = place;
  const { features } = table;
  const needs = featureNeeds(name, features[name]!);
  const [need] = needs;
  if (sequence !== undefined) checkLengths(table, name, sequence, rows);
  const numbers = form.type === 'entry-numbers';
  const others = form.reads?.map((each) => valueReader(table, featureNeeds(each, features[each]!)[0]!));
  const read = others
    ? (row: number) => others.map((other) => other(row))
    : needs.length > 1
      ? vectorOf(table, needs)
      : valueReader(table, need!, numbers);
  const encode = valueEncoder(place, layout);
  const column = form.reads?.join(', ') ?? need!.column;
  if (needs.length > 1 || need?.kind === 'vectors') {
    for (let i = 0; i < rows.length; i++) encode(read(rows[i]!), arrays, i);
    return;
  }
  // each text of a dictionary is encoded once, and copied to its other rows
  const texts = need?.kind === 'texts' && !others ? columnIn(table, 'texts', need.key) : undefined;
  const firstOf = new Int32Array(1 + (texts?.dictionary.length ?? 0)).fill(-1);
  const parts = featureParts(place).map(({ part, ...columns }) => {
    return { ...columns, array: arrays[part], row: BATCH_PARTS[part].width(layout) };
  });
  for (let i = 0; i < rows.length; i++) {
    const code = texts ? texts.codes[rows[i]!]! + 1 : 0;
    const first = texts ? firstOf[code]! : -1;
    if (first < 0) {
      firstOf[code] = i;
      inCell(table, rows[i]!, column, () => void encode(read(rows[i]!), arrays, i));
      continue;
    }
    for (const { array, column, width, row } of parts)
      for (let c = column; c < column + width; c++) array[i * row + c] = array[first * row + c]!;
  }
}

/** Reads the numbers of several columns. None may be missing. */
function vectorOf(table: Table, needs: readonly Need[]): (row: number) => ArrayLike<number> {
  const columns = needs.map(({ key }) => columnIn(table, 'numbers', key));
  const numbers = new Float64Array(columns.length);
  return (row) => {
    columns.forEach((values, i) => {
      const value = values[row]!;
      numbers[i] = value;
      if (Number.isFinite(Math.fround(value))) return;
      const fix = Number.isNaN(value)
        ? 'A vector may not have missing numbers: fill them, or declare numeric().'
        : 'The numbers of a vector are not scaled, and 32 bits hold none of 3.4e38 or more: correct the cell.';
      wrongValue(Number.isNaN(value) ? null : value, 'a number', needs[i]!.column, table.where(row), fix);
    });
    return numbers;
  };
}

function checkLengths(table: Table, name: string, of: string, rows: ArrayLike<number>): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    checkLength(name, listLength(table, name, row), of, listLength(table, of, row), table.where(row));
  }
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
  const read = trainedAs(task, table.tasks[name]!);
  const readLabel = labelReader(table, name, read);
  const [weightOf, encode] = [weightReader(table, read), labelEncoder(task)];
  for (let i = 0; i < rows.length; i++) {
    const label = readLabel(rows[i]!);
    if (Number.isNaN(label)) continue;
    labels[i] = encode(label);
    if (!Number.isFinite(labels[i])) {
      const scaled = unitOf(labelOf(task)).scale === 'standard' ? ' after standardizing' : '';
      const expected = `a label of task "${name}" that 32 bits can hold${scaled}`;
      wrongValue(label, expected, task.from ?? name, table.where(rows[i]!), 'Correct the cell, or leave it empty.');
    }
    weights[i] = weightOf(rows[i]!);
  }
}
