import { printable } from '@polytask/components';
import { predictionTypeOf, type Tasks } from '@polytask/core';
import { predictedColumns } from '@polytask/core/internal';
import type { TaskPredictions } from '@polytask/training';
import papaparse from 'papaparse';
import type { Summary } from '../summary/summary.ts';
import { trialKey, type TrialResult } from '../results/trial-result.ts';
import { differenceRows } from '../summary/difference-rows.ts';

/**
 * All scores as CSV, with a line for each trial, task and metric. Trials of folds have their number. `rows` is `all` for all test rows,
 * `unseen` for those whose features occur in no training row. A metric that isn't defined has an empty cell.
 *
 * @example await writeFile('results.csv', resultsCsv(trials));
 */
export const resultsCsv = (trials: readonly TrialResult[]): string =>
  csv(
    (
      `suite setting model seed${trials.some(({ fold }) => fold !== undefined) ? ' fold' : ''} ` +
      'rows task metric value parameters seconds epochs engine trial'
    ).split(' '),
    trials.flatMap((trial) =>
      Object.entries({ all: trial.metrics, unseen: trial.unseen?.metrics ?? {} }).flatMap(([rows, metrics]) =>
        Object.entries(metrics).flatMap(([task, values]) =>
          Object.entries(values).map(([metric, value]) => ({
            ...trial,
            ...{ setting: trial.setting ?? '', rows, task, metric, value, trial: trialKey(trial) },
          })),
        ),
      ),
    ),
  );

/**
 * The differences from the baseline as CSV, with a line for each model, task and metric. `rows` is as in {@link resultsCsv}.
 *
 * @example await writeFile('differences.csv', differencesCsv(summaries));
 */
export const differencesCsv = (summaries: readonly Summary[]): string =>
  csv(
    (
      'suite setting baseline model rows task metric seeds difference low high ' +
      'bootstrapLow bootstrapHigh pValue adjustedPValue verdict'
    ).split(' '),
    summaries.flatMap(({ suite, setting, baseline, unseen, ...table }) => [
      ...differenceRows(table).map((row) => ({ suite, setting, baseline, rows: 'all', ...row })),
      ...(unseen ? differenceRows(unseen) : []).map((row) => ({ suite, setting, baseline, rows: 'unseen', ...row })),
    ]),
  );

/**
 * Predictions beside their labels as CSV, with a line for each row: `row`, and for each task `TASK.label`, `TASK.weight` and the
 * predictions, in columns as `polytask predict` names them. Of several labels, each has a column of 0 and 1: `TASK_LABEL.label`. The
 * cells of a task without a label are empty.
 *
 * @param rows the places of the rows, such as `people.csv, line 7`. Their column is `place` if a task is called `row`
 */
export function predictionsCsv(
  tasks: Tasks,
  byTask: Readonly<Record<string, TaskPredictions>>,
  rows: readonly string[],
): string {
  const predicted = Object.entries(tasks).flatMap(([name, task]) => predictedColumns(task, name));
  const place = predicted.includes('row') ? 'place' : 'row';
  const lines: Record<string, unknown>[] = rows.map((row) => ({ [place]: row }));
  const columns = Object.entries(tasks).flatMap(([name, task]) => {
    const { isExclusive, hasMean, names, perfect } = predictionTypeOf(task);
    const own = predictedColumns(task, name);
    const { labels, weights, predictions, rows: places } = byTask[name]!;
    const isEach = hasMean && !isExclusive; // a number, yes or no, or each of several labels
    const labelColumns = (isEach ? own : [name]).map((column) => `${column}.label`);
    const weight = `${name}.weight`;
    places.forEach((row, at) => {
      const line = lines[row]!;
      const cells = isEach ? perfect(labels[at]!, names) : [isExclusive ? names[labels[at]!] : labels[at]];
      labelColumns.forEach((column, i) => (line[column] = cells[i]));
      line[weight] = weights[at];
      own.forEach((column, i) => (line[column] = predictions[at * own.length + i]));
    });
    return [...labelColumns, weight, ...own];
  });
  return csv([place, ...columns], lines);
}

/** Texts that a spreadsheet would take for a formula. Papa Parse's own pattern misses a text of several lines. */
const FORMULA = /^[=+\-@\t\r\n]/;

/** Makes a CSV text. A text such as `=cmd` gets a quote mark in front, so that a spreadsheet doesn't run it. */
function csv(columns: readonly string[], rows: readonly object[]): string {
  const cells = rows.map((row) => columns.map((column) => cellOf((row as Readonly<Record<string, unknown>>)[column])));
  return `${papaparse.unparse({ fields: [...columns], data: cells }, { newline: '\n', escapeFormulae: FORMULA })}\n`;
}

const cellOf = (value: unknown): unknown =>
  typeof value === 'string' ? printable(value) : typeof value === 'number' && !Number.isFinite(value) ? '' : value;
