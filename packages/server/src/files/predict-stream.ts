import { PolytaskError, type Predictions, type Tasks } from '@polytask/core';
import { encode, type Table, type TableStream } from '@polytask/data';
import type { Predictor } from '@polytask/serving';
import { notFinite } from '../finite-predictions.ts';

/** Some rows of a stream, with their predictions. */
export interface PredictedTable<T extends Tasks = Tasks> {
  /** The raw rows, with the columns that the stream keeps. */
  readonly table: Table;
  /** As `model.predict` gives them, in the order of the rows. */
  readonly predictions: Predictions<T>;
}

/**
 * Predicts rows that don't fit into memory, table by table.
 *
 * @throws PolytaskError for a cell that doesn't fit, with its file, row and column, and for a prediction that isn't finite
 * @example
 * const predictor = await openPredictor(model);
 * const rows = csvStream('rows.csv.gz', { features, tasks: {}, keep: ['id'] });
 * for await (const { table, predictions } of predictStream(predictor, rows)) console.log(table.size, predictions.income);
 */
export async function* predictStream<T extends Tasks>(
  predictor: Predictor<T>,
  rows: TableStream,
): AsyncGenerator<PredictedTable<T>, void, undefined> {
  for await (const table of rows.tables()) {
    const { arrays } = encode(table, predictor.schema);
    const predictions = await predictor.predict(arrays);
    const reason = notFinite(predictions, table.size, table.where);
    if (reason !== undefined) throw new PolytaskError(reason);
    yield { table, predictions };
  }
}
