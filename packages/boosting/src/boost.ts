import { BinnedColumns } from './bins/binned-columns.ts';
import type { Columns } from './columns.ts';
import type { BoostingModel } from './model/boosting-model.ts';
import { settingsOf, type TrainingOptions } from './options.ts';
import { lastOf, learn, tableFor } from './rounds.ts';

export interface BoostingRows {
  /** The features: numbers, texts or codes of categories, by the names of the columns. Or {@link BinnedColumns} of them. */
  readonly columns: Columns | BinnedColumns;
  /**
   * One label for each row: 0 or 1 (`binary`), the index of a class (`multiclass`), a number of 0 or more (`poisson`, `tweedie`), or above 0
   * (`gamma`), any number (other losses).
   */
  readonly labels: ArrayLike<number>;
  /** How often each row counts. Default: once. */
  readonly weights?: ArrayLike<number> | undefined;
}

export interface BoostOptions extends BoostingRows, TrainingOptions {
  /** Rows that no tree is grown on. The training stops when their loss no longer falls, and the model ends with its least. */
  readonly validation?: BoostingRows | undefined;
  /**
   * The model whose training goes on with these rows: its trees stay, and further ones follow, at most `numIterations` rounds. Its bins stay,
   * too, but further categories get bins of their own. Default: a new model.
   */
  readonly initModel?: BoostingModel | undefined;
}

/**
 * Trains a model by gradient boosting on histograms, after LightGBM (Ke et al., NeurIPS 2017). Each round adds a tree that
 * follows the gradient of the loss. The same rows and the same seed give the same model.
 *
 * The call blocks until the model is trained. In a page, call it in a worker.
 *
 * @throws PolytaskError for an unknown option, or for columns, labels or weights that don't fit
 * @example
 * const model = boost({ objective: 'regression', columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 4, 4], minDataInLeaf: 1, learningRate: 1 });
 * model.predict({ x: [1.5, 10] }); // Float64Array [ 0, 4 ]
 */
export const boost = (options: BoostOptions): BoostingModel => lastOf(boostInRounds(options));

/**
 * Trains as {@link boost} does, and yields the number of rounds after each. The caller can let other work run, show progress or stop.
 *
 * @returns the model
 * @throws PolytaskError as {@link boost} does, at the first step
 * @example
 * const rounds = boostInRounds({ objective: 'regression', columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 4, 4] });
 * rounds.next(); // { done: false, value: 1 }
 */
export function* boostInRounds({
  columns,
  labels,
  weights,
  validation,
  initModel,
  ...options
}: BoostOptions): Generator<number, BoostingModel> {
  const settings = settingsOf(options);
  const table = tableFor(columns, initModel, settings);
  const held = validation && BinnedColumns.with(table.bins, validation.columns);
  const task = { ...settings, rows: { labels, weights }, held: validation, initModel, gainWeight: 1 };
  const [model] = yield* learn([task], { table, held }, settings, 'tree per output');
  return model!;
}
