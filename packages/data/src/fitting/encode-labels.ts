import { encodeLabel, type MulticlassTask, type Task } from '@polytask/core';
import type { Texts } from '../columns/columns.ts';
import { readsNumbers } from '../declarations/needs.ts';
import { columnIn, type Table } from '../table/table.ts';
import { wrongValue } from '../table/wrong-value.ts';
import { aboveLabel, binaryLabel } from './binary-label.ts';
import { weightReader } from './labeled-rows.ts';
import { wrongLabel } from './wrong-label.ts';

interface Labels {
  /** [rows], as a model is trained on them: standardized for a regression; 0 where the label is missing. */
  readonly labels: Float32Array;
  /** [rows]; 0 where the label is missing, else the sample weight. */
  readonly weights: Float32Array;
}

/** The labels and weights of one task, for these rows. */
export function encodeLabels(table: Table, name: string, task: Task, rows: ArrayLike<number>): Labels {
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
