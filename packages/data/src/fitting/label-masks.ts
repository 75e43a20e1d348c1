import { suggestion, type Label, type Task } from '@polytask/core';
import { type ColumnRows, columnIn } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { labelsKey } from '../declarations/needs.ts';

/** The label of a task whose cells hold several labels. */
export type Several = Extract<Label, { readonly type: 'labels' }>;

/**
 * Reads the labels of a row as the sum of 2ⁱ over its labels i. NaN for a missing label, 0 for a row that has none.
 *
 * @throws PolytaskError, when a row is read, for a text that is no label of the task, unless other labels are left out
 */
export function maskReader(table: ColumnRows, name: string, task: Task, label: Several): (row: number) => number {
  const { labels = [], others } = label;
  const listOf = labelLists(table, name);
  const { dictionary } = columnIn(table, 'lists', labelsKey(name));
  const index = new Map(labels.map((each, i) => [each, i]));
  const bits = Float64Array.from(dictionary, (text) => {
    const at = index.get(text);
    return at === undefined ? 0 : 2 ** at;
  });
  return (row) => {
    const codes = listOf(row);
    if (!codes) return NaN;
    let mask = 0;
    for (const code of codes) {
      if (bits[code] === 0 && others === 'refused') wrongLabel(dictionary[code]!, labels, name, task, table.where(row));
      mask |= bits[code]!; // a label that is there twice counts once
    }
    return mask;
  };
}

/** Reads the labels of a row as codes of the column's dictionary. Undefined for a missing label. */
export function labelLists(table: ColumnRows, name: string): (row: number) => Int32Array | undefined {
  const { codes, offsets } = columnIn(table, 'lists', labelsKey(name));
  return (row) => {
    const list = codes.subarray(offsets[row], offsets[row + 1]);
    return list.length === 1 && list[0]! < 0 ? undefined : list;
  };
}

function wrongLabel(text: string, labels: readonly string[], name: string, task: Task, where: string): never {
  const declare = `Declare it, or leave such labels out: ${task.kind}({ labels: […], others: 'left-out' }).`;
  return wrongValue(
    text,
    `a label of task "${name}"`,
    task.from ?? name,
    where,
    `${suggestion(text, labels)} ${declare}`,
  );
}
