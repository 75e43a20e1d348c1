/** What epochs, and configurations, are picked by, in the words of a report. */
export interface SelectionMeasure {
  /** Of a task: `AUC`. */
  readonly label: string;
  /** Over the tasks: `mean AUC`. */
  readonly mean: string;
  /** The mean with what a reader has to know of it. */
  readonly explained: string;
  readonly direction: 'higher' | 'lower';
  readonly digits: number;
}

const MEASURES: Readonly<Record<string, SelectionMeasure>> = {
  auc: { label: 'AUC', mean: 'mean AUC', explained: 'mean AUC over tasks', direction: 'higher', digits: 4 },
  relativeError: {
    label: 'relative error',
    mean: 'mean relative error',
    explained:
      'mean relative error over tasks: NE, RMSE over the deviation, or log loss over the entropy of the class shares',
    direction: 'lower',
    digits: 4,
  },
};

/** @param selection of a trial's `config.training`: `auc`, `relativeError`, or `loss` in older results */
export const selectionMeasure = (selection: string): SelectionMeasure =>
  MEASURES[selection] ?? {
    label: selection,
    mean: `mean ${selection}`,
    explained: `mean ${selection} over tasks`,
    direction: 'lower',
    digits: 4,
  };
