import { suggestion, type Task } from '@polytask/core';
import { columnIn, type Table } from '../table/table.ts';
import { wrongValue } from '../table/wrong-value.ts';
import { binaryLabel } from './binary-label.ts';
import { isYesOrNo, yesAmong } from './yes-words.ts';

/** Values of a column that an error lists. */
const SHOWN = 5;

/** Throws for a text that is no label of its task, with its place and with what the column's values let guess. */
export function wrongLabel(table: Table, name: string, task: Task, text: string, row: number): never {
  const column = task.from ?? name;
  const where = table.where(row);
  if (task.kind === 'multiclass') {
    return wrongValue(
      text,
      `a class of task "${name}"`,
      column,
      where,
      `${suggestion(text, task.classes ?? [])} A class that the training rows lack has to be declared: multiclass({ classes: […] }).`,
    );
  }
  const { dictionary } = columnIn(table, 'texts', column);
  return wrongValue(
    text,
    `0, 1, false, true or an empty cell as the label of task "${name}"`,
    column,
    where,
    yesMend(text, dictionary),
  );
}

/** How to say what means yes in a column with these values, of which `text` is none that says it itself. */
function yesMend(text: string, values: readonly string[]): string {
  const labelOf = binaryLabel({ kind: 'binary' });
  if (!isYesOrNo(text) && values.some((value) => labelOf(value) !== undefined)) {
    return `Correct the cell, or leave it empty where there is no label (in a CSV: missing: [${JSON.stringify(text)}]).`;
  }
  const yes = yesAmong(values);
  if (yes.length > 0) return `Say what means yes: ${positive(yes)}.`;
  if (values.length <= 2) return `Say what means yes: ${values.map((value) => positive([value])).join(' or ')}.`;
  const some = values.slice(0, SHOWN).map((value) => JSON.stringify(value));
  const rest = values.length > SHOWN ? ', …' : '';
  return `Say which of ${some.join(', ')}${rest} mean yes: binary({ positive: […] }). To predict which one it is, declare multiclass().`;
}

const positive = (values: readonly string[]): string =>
  `binary({ positive: ${values.length === 1 ? JSON.stringify(values[0]) : `[${values.map((value) => JSON.stringify(value)).join(', ')}]`} })`;
