import {
  emptyBatch,
  fail,
  layoutOf,
  suggestion,
  encodeLabel,
  type Batch,
  type Schema,
  type Tasks,
  type MulticlassTask,
  type Task,
} from '@polytask/core';
import { allRows, checkRows, type Texts } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { readsNumbers } from '../declarations/needs.ts';
import { encodedTable, type EncodedTable } from '../examples/encoded-table.ts';
import { columnIn, type Table } from '../table/table.ts';
import { encodeFeature } from './feature-kinds.ts';
import { weightReader } from './task-fitter.ts';
import { aboveLabel, binaryLabel, wrongLabel } from './labels.ts';

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

interface Labels {
  /** [rows], as a model is trained on them: standardized for a regression; 0 where the label is missing. */
  readonly labels: Float32Array;
  /** [rows]; 0 where the label is missing, else the sample weight. */
  readonly weights: Float32Array;
}

/** The labels and weights of one task, for these rows. */
function encodeLabels(table: Table, name: string, task: Task, rows: ArrayLike<number>): Labels {
  const labelOf = labelReader(table, name, task);
  const weightOf = weightReader(table, task);
  const labels = new Float32Array(rows.length);
  const weights = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const label = labelOf(rows[i]!);
    if (Number.isNaN(label)) continue;
    labels[i] = encodeLabel(task, label);
    if (!Number.isFinite(labels[i])) tooLarge(label, name, task, table.where(rows[i]!));
    weights[i] = weightOf(rows[i]!);
  }
  return { labels, weights };
}

function tooLarge(label: number, name: string, task: Task, where: string): never {
  const expected = `a label of task "${name}" that 32 bits can hold${task.kind === 'regression' && task.fitted ? ' after standardizing' : ''}`;
  return wrongValue(label, expected, task.from ?? name, where, 'Correct the cell, or leave it empty.');
}

/** The label of a row; NaN where it is missing. */
function labelReader(table: Table, name: string, task: Task): (row: number) => number {
  const column = task.from ?? name;
  if (readsNumbers(task)) {
    const values = columnIn(table, 'numbers', column);
    const above = task.kind === 'binary' ? task.above : undefined;
    return above === undefined ? (row) => values[row]! : (row) => aboveLabel(values[row]!, above);
  }
  const { codes, dictionary }: Texts = columnIn(table, 'texts', column);
  const read = task.kind === 'binary' ? binaryLabel(task) : classIndex(task as MulticlassTask);
  const labels = Float64Array.from(dictionary, (text) => read(text) ?? Infinity); // Infinity: no label of this task
  return (row) => {
    const code = codes[row]!;
    const label = code < 0 ? NaN : labels[code]!;
    return label === Infinity ? wrongLabel(table, name, task, dictionary[code]!, row) : label;
  };
}

function classIndex({ classes = [] }: MulticlassTask): (text: string) => number | undefined {
  const index = new Map(classes.map((each, i) => [each, i]));
  return (text) => index.get(text);
}
