import type { RandomStream } from '@polytask/core';

/** One row that a metric reads. */
export interface MetricRow {
  readonly label: number;
  /** One number, or one for each class. */
  readonly prediction: readonly number[];
  /** A whole number, 0 to 3. */
  readonly weight: number;
  readonly group: string;
}

/** What a metric promises beyond the contract, and what it doesn't promise. */
export interface MetricOptions {
  /** What the group of tests is called. Default: the metric's name. */
  name?: string;
  /** The metric once more, straight from its definition, of rows of weight 1 (with `groupWeights`: of any weight). */
  definition?: (rows: readonly MetricRow[]) => number;
  /** A label and a prediction for one row, for a metric that doesn't take what others of its task do. */
  example?: (random: RandomStream) => Pick<MetricRow, 'label' | 'prediction'>;
  /** What it is where all rows have the first row's label, to be compared: NaN for an AUC. */
  oneClass?: number;
  /** True where weights belong to whole groups (NDCG), so that a weight isn't a repetition. Default: as ranking metrics. */
  groupWeights?: boolean;
}
