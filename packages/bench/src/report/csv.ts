import papaparse from 'papaparse';
import type { Summary } from '../summary/summary.ts';
import { trialKey } from '../trials/trial-key.ts';
import type { Trial } from '../trials/trial.ts';
import { differenceRows } from './difference-rows.ts';

/** A line for each trial, task and metric. What isn't defined is an empty cell. */
export const resultsCsv = (trials: readonly Trial[]): string =>
  written(
    ['suite', 'setting', 'model', 'seed', 'task', 'metric', 'value', 'parameters', 'seconds', 'epochs', 'engine', 'trial'],
    trials.flatMap((trial) =>
      Object.entries(trial.metrics).flatMap(([task, values]) =>
        Object.entries(values).map(([metric, value]) => ({ ...trial, setting: trial.setting ?? '', task, metric, value, trial: trialKey(trial) })),
      ),
    ),
  );

/** A line for each model, task and metric beside the baseline. */
export const differencesCsv = (summaries: readonly Summary[]): string =>
  written(
    ['suite', 'setting', 'baseline', 'model', 'task', 'metric', 'seeds', 'difference', 'low', 'high', 'bootstrapLow', 'bootstrapHigh', 'pValue', 'adjustedPValue', 'verdict'],
    summaries.flatMap((summary) => differenceRows(summary).map((row) => ({ suite: summary.suite, setting: summary.setting, baseline: summary.baseline, ...row }))),
  );

function written(columns: readonly string[], rows: readonly object[]): string {
  const cells = rows.map((row) => columns.map((column) => known((row as Readonly<Record<string, unknown>>)[column])));
  return `${papaparse.unparse({ fields: [...columns], data: cells }, { newline: '\n' })}\n`;
}

const known = (value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? '' : value);
