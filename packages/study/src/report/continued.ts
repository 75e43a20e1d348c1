import type { Tasks } from '@polytask/core';
import { counted, formatCount, joined, present } from '../format.ts';
import { metricsOf, metricTitle } from '../summary/metric-entries.ts';
import { type Table, textTable } from './blocks.ts';

/** The scores of the same rows before and after a training. */
export interface ComparedRows {
  /** Which rows, such as `test rows of people.json`. */
  readonly rows: string;
  readonly size: number;
  /** By task and metric. */
  readonly scores: Readonly<
    Record<string, Readonly<Record<string, { readonly before: number; readonly after: number }>>>
  >;
}

/** How many rows of a file have the features of rows that a model was trained on. They are left out of what is measured. */
export interface SeenCount {
  /** Which rows, such as `rows of people.csv`. */
  readonly rows: string;
  /** The number of rows with those that are left out. */
  readonly of: number;
  /** null if it is unknown, because most rows have the features of other rows. Then no row is left out. */
  readonly seen: number | null;
}

/** Says how many rows are left out; nothing if there are none. */
export const leftOutSentences = (leftOut: readonly SeenCount[]): string[] =>
  leftOut.flatMap(({ rows, of, seen }) => {
    if (seen === 0) return [];
    return seen === null
      ? `It is unknown whether the model was trained on ${rows}: most rows have the features of other rows.`
      : `${formatCount(seen)} of ${formatCount(of)} ${rows} have the features of rows that the model was trained on, and are left out.`;
  });

/** What a training that continued that of a model did. */
export interface Continued {
  /** The folder of that model. */
  readonly from: string;
  /** How many rows its embedding table got for further values. */
  readonly ids: number;
  /** The names of further tasks. */
  readonly tasks: readonly string[];
  /** The new test rows, and old ones if some were given. */
  readonly compared: readonly ComparedRows[];
  /** The rows that the model was trained on before. Empty if its folder doesn't say which rows they were. */
  readonly leftOut: readonly SeenCount[];
}

/** Which model the training continued, and what was added to it. */
export const continuedSentences = ({ from, ids, tasks, compared, leftOut }: Continued): string[] =>
  present([
    `It continues the training of ${from}${ids > 0 ? `, with ${counted(ids, 'new value')} of ids and categories` : ''}` +
      `${tasks.length > 0 ? `, with ${tasks.length === 1 ? 'the new task' : 'the new tasks'} ${joined(tasks)}` : ''}.`,
    compared.length < 2 && 'Whether it got worse on old rows is unknown: pass --old-data.',
    ...leftOutSentences(leftOut),
  ]);

export const beforeAndAfter = ({ compared }: Continued, tasks: Tasks): Table =>
  textTable(
    ['rows', 'task', 'metric', 'before', 'after'],
    compared.flatMap(({ rows, size, scores }) =>
      Object.entries(scores).flatMap(([task, byMetric]) =>
        metricsOf(tasks[task]!).flatMap(({ name, digits }) => {
          if (byMetric[name] === undefined) return [];
          const { before, after } = byMetric[name];
          const [was, is] = [before, after].map((value) => (Number.isFinite(value) ? value.toFixed(digits) : '–'));
          return [[`${formatCount(size)} ${rows}`, task, metricTitle(name), was!, is!]];
        }),
      ),
    ),
  );
