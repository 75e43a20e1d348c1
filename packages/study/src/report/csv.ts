import papaparse from 'papaparse';
import type { Summary } from '../summary/summary.ts';
import { trialKey } from '../trials/trial-key.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { differenceRows } from './difference-rows.ts';

/**
 * A line for each trial, task and metric, of `all` test rows and, where they were measured, of those that are `unseen` in
 * training. What isn't defined is an empty cell.
 */
export const resultsCsv = (trials: readonly TrialResult[]): string =>
  written(
    'suite setting model seed rows task metric value parameters seconds epochs engine trial'.split(' '),
    trials.flatMap((trial) => [
      ...valuesOf(trial, 'all', trial.metrics),
      ...valuesOf(trial, 'unseen', trial.unseen?.metrics ?? {}),
    ]),
  );

const valuesOf = (trial: TrialResult, rows: string, metrics: TrialResult['metrics']): object[] =>
  Object.entries(metrics).flatMap(([task, values]) =>
    Object.entries(values).map(([metric, value]) => ({
      ...trial,
      setting: trial.setting ?? '',
      rows,
      task,
      metric,
      value,
      trial: trialKey(trial),
    })),
  );

/** A line for each model, task and metric beside the baseline, of the same rows. */
export const differencesCsv = (summaries: readonly Summary[]): string =>
  written(
    'suite setting baseline model rows task metric seeds difference low high bootstrapLow bootstrapHigh pValue adjustedPValue verdict'.split(
      ' ',
    ),
    summaries.flatMap(({ suite, setting, baseline, unseen, ...table }) => [
      ...differenceRows(table).map((row) => ({ suite, setting, baseline, rows: 'all', ...row })),
      ...(unseen ? differenceRows(unseen) : []).map((row) => ({ suite, setting, baseline, rows: 'unseen', ...row })),
    ]),
  );

function written(columns: readonly string[], rows: readonly object[]): string {
  const cells = rows.map((row) => columns.map((column) => cellOf((row as Readonly<Record<string, unknown>>)[column])));
  return `${papaparse.unparse({ fields: [...columns], data: cells }, { newline: '\n' })}\n`;
}

const cellOf = (value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? '' : value);
