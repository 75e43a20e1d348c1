import { metricFormat, selectionMeasure } from '../summary/metric-rows.ts';
import type { Column, Summary } from '../summary/summary.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { type DifferenceRow, differenceRows } from './differences.ts';

/** A metric of a task, as views show it. */
export interface ViewColumn extends Column {
  /** The name in tables: `AUC`. */
  readonly label: string;
  readonly direction: 'higher' | 'lower';
  /** Decimals in tables. */
  readonly digits: number;
}

/** What the interactive views draw of a table. */
export interface ViewData {
  readonly baseline: string;
  /** The models in the order of the table. */
  readonly models: readonly string[];
  readonly columns: readonly ViewColumn[];
  readonly differences: readonly DifferenceRow[];
  /** The scores of each trial on the test rows. */
  readonly scores: readonly Pick<TrialResult, 'model' | 'seed' | 'metrics'>[];
  /** The trainings of the first seed. */
  readonly trainings: readonly TrainingCurve[];
  /** The name of the validation score: `AUC`. */
  readonly validation: string;
}

/** The course of a training. */
export type TrainingCurve = Pick<TrialResult, 'model' | 'seed' | 'curve' | 'fusion' | 'balancing'>;

/**
 * What the interactive views draw of a table.
 *
 * @param trials the trials of the summary
 * @example const { differences } = viewData(summary, trials);
 */
export function viewData(summary: Summary, trials: readonly TrialResult[]): ViewData {
  const { baseline, models, columns, seeds, config } = summary;
  return {
    baseline,
    models: models.map(({ model }) => model),
    columns: columns.map(({ task, metric }) => {
      const { label, direction, digits } = metricFormat(metric);
      return { task, metric, label, direction, digits };
    }),
    differences: differenceRows(summary),
    scores: trials.map(({ model, seed, metrics }) => ({ model, seed, metrics })),
    trainings: trials
      .filter(({ seed }) => seed === seeds[0])
      .map(({ model, seed, curve, fusion, balancing }) => ({ model, seed, curve, fusion, balancing })),
    validation: selectionMeasure(config.training.selection).label,
  };
}

/** Characters that end an element, end a line of a program, or that XML forbids. */
const UNSAFE = /[<\p{Cc}\u2028\u2029]/gu;

/** Data as JSON for a `<script>` element of HTML. In it, null stands for NaN. */
export const viewJson = (tables: readonly ViewData[]): string =>
  JSON.stringify(tables).replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Reads the text of {@link viewJson}. */
export const parseViewJson = (text: string): ViewData[] =>
  JSON.parse(text, (_, value: unknown) => (value === null ? NaN : value)) as ViewData[];
