import { fail, suggestion, type BinaryTask } from '@polytask/core';
import { columnIn, type Table } from '../table/table.ts';
import { aboveLabel, binaryLabel, matches } from './binary-label.ts';
import type { Fitter } from './fitter.ts';
import { labeledRows } from './labeled-rows.ts';
import { wrongLabel } from './wrong-label.ts';

/** Values of a label's column that an error shows. */
const SHOWN = 20;

/**
 * Finds the share of yes. Throws where no value that means yes stands in the tables: it is misspelled. Of a list one is
 * enough, as other files may spell it otherwise.
 */
export function binaryFitter(name: string, task: BinaryTask): Fitter<BinaryTask> {
  const column = task.from ?? name;
  const { positive } = task;
  const labels = labeledRows(name, task);
  const values = positive === undefined ? [] : typeof positive === 'object' ? positive : [positive];
  let unseen = values.length > 0;
  const texts = new Set<string>();
  let [yes, all] = [0, 0];
  return {
    add(table, rows) {
      labels.visit(table, rows, labelReader(table, name, task), (label, weight) => {
        yes += weight * label;
        all += weight;
      });
      if (task.above !== undefined) return;
      const { dictionary } = columnIn(table, 'texts', column);
      unseen &&= !dictionary.some((text) => values.some((value) => matches(text, value)));
      for (let i = 0; i < dictionary.length && texts.size < SHOWN; i++) texts.add(dictionary[i]!);
    },
    finish() {
      labels.check();
      if (unseen) {
        const shown = values.map((value) => JSON.stringify(value)).join(', ');
        fail({
          expected: `${values.length === 1 ? 'the positive value' : 'one of the positive values'} ${shown} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          mend: suggestion(String(values[0]), texts),
        });
      }
      return { ...task, fitted: { rate: yes / all } };
    },
  };
}

/** The label of a row; undefined where it is missing. */
function labelReader(table: Table, name: string, task: BinaryTask): (row: number) => number | undefined {
  const column = task.from ?? name;
  const { above } = task;
  if (above !== undefined) {
    const values = columnIn(table, 'numbers', column);
    return (row) => (Number.isNaN(values[row]!) ? undefined : aboveLabel(values[row]!, above));
  }
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labelOf = dictionary.map(binaryLabel(task));
  return (row) => {
    const code = codes[row]!;
    return code < 0 ? undefined : (labelOf[code] ?? wrongLabel(table, name, task, dictionary[code]!, row));
  };
}
