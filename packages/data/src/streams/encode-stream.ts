import type { ExampleStream, Schema, Tasks } from '@polytask/core';
import { encode } from '../fitting/encode.ts';
import type { TableStream } from './table-stream.ts';

/**
 * Rows as `fit` and `evaluate` read them, encoded piece by piece as they come.
 *
 * @throws PolytaskError as {@link encode} does, when the rows are read
 * @example await evaluate(model, encodeStream(csvStream('test.csv', { features, tasks }), model.schema));
 */
export const encodeStream = <T extends Tasks>(rows: TableStream<T>, schema: Schema<T>): ExampleStream<T> => ({
  schema,
  size: rows.size,
  async *chunks() {
    for await (const table of rows.tables()) yield encode(table, schema).arrays;
  },
});
