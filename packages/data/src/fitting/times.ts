import { fail, type Label, type Task } from '@polytask/core';
import { type ColumnRows, columnIn } from '../columns/columns.ts';
import { wrongValue } from '../columns/values.ts';
import { binaryLabel } from './label-texts.ts';

/** The label of a task that predicts the time until an event. */
export type Time = Extract<Label, { readonly type: 'time' }>;

/**
 * Reads the time of a row, as its negative if the event has not happened up to then. NaN where the time or the event is missing, and for a
 * row without the event at time 0, which says nothing.
 *
 * @throws PolytaskError, when a row is read, for a negative time, and for a text that doesn't say whether the event happened
 */
export function timeReader(table: ColumnRows, name: string, task: Task, label: Time): (row: number) => number {
  const column = task.from ?? name;
  const times = columnIn(table, 'numbers', column);
  const { codes, dictionary } = columnIn(table, 'texts', label.event);
  const events = dictionary.map(binaryLabel(label));
  return (row) => {
    const [time, code] = [times[row]!, codes[row]!];
    if (time < 0) {
      const mend = 'Correct the cell, or leave it empty: count times from the start of each row.';
      return wrongValue(time, `a time of 0 or more as the label of task "${name}"`, column, table.where(row), mend);
    }
    if (code < 0 || Number.isNaN(time)) return NaN;
    const happened = events[code] ?? wrongEvent(table, name, task, label, dictionary[code]!, row);
    if (happened) return time;
    return time === 0 ? NaN : -time;
  };
}

function wrongEvent(table: ColumnRows, name: string, task: Task, { event }: Time, text: string, row: number): never {
  return fail({
    expected: `0, 1, false, true or an empty cell for the event of task "${name}" in ${table.where(row)}, column "${event}"`,
    received: JSON.stringify(text),
    mend: `Say what means that it happened: ${task.kind}({ event: "${event}", positive: ${JSON.stringify(text)} }), for instance.`,
  });
}
