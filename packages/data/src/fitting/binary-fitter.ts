import { fail, suggestion, type BinaryTask } from '@polytask/core';
import { columnIn, type Table } from '../table/table.ts';
import { aboveLabel, binaryLabel, matches } from './binary-label.ts';
import type { Fitter } from './fitter.ts';
import { labeledRows } from './labeled-rows.ts';

/** Values of a label's column that an error shows. */
const SHOWN = 20;

/** Finds the share of yes. Throws where a value that means yes stands nowhere in the tables: it is misspelled. */
export function binaryFitter(name: string, task: BinaryTask): Fitter<BinaryTask> {
  const column = task.from ?? name;
  const { positive } = task;
  const labels = labeledRows(name, task);
  const unseen = new Set(positive === undefined ? [] : typeof positive === 'object' ? positive : [positive]);
  const texts = new Set<string>();
  let [yes, all] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, column, task), (label, weight) => {
        yes += weight * label;
        all += weight;
      });
      if (task.above !== undefined) return;
      const { dictionary } = columnIn(table, 'texts', column);
      for (const value of unseen) if (dictionary.some((text) => matches(text, value))) unseen.delete(value);
      for (let i = 0; i < dictionary.length && texts.size < SHOWN; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      const [value] = unseen;
      if (value !== undefined) {
        fail({
          expected: `the positive value ${JSON.stringify(value)} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          mend: suggestion(String(value), texts),
        });
      }
      return { ...task, fitted: { rate: yes / all } };
    },
  };
}

/** The label of a row; undefined where it is missing, or is none, of which encoding tells with its place. */
function labelReader(table: Table, column: string, task: BinaryTask): (row: number) => number | undefined {
  const { above } = task;
  if (above !== undefined) {
    const values = columnIn(table, 'numbers', column);
    return (row) => (Number.isNaN(values[row]!) ? undefined : aboveLabel(values[row]!, above));
  }
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labelOf = dictionary.map(binaryLabel(task));
  return (row) => labelOf[codes[row]!];
}
