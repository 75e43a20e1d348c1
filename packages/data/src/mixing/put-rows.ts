import { arraysOf, emptyBatch, layoutOf, type Batch, type Schema } from '@polytask/core';

/** A batch of zeros in which no row has a label yet. */
export const blankRows = (schema: Schema, size: number): Batch =>
  emptyBatch(size, layoutOf(schema), Object.keys(schema.tasks));

/**
 * Copies rows of a batch to places of another one of the same schema.
 *
 * @param rows in `from`, one for each place
 */
export function putRows(from: Batch, rows: ArrayLike<number>, to: Batch, places: ArrayLike<number>): void {
  for (const { width, of } of arraysOf(to)) {
    const [source, target] = [of(from)!, of(to)!];
    for (let i = 0; i < places.length; i++) {
      for (let c = 0; c < width; c++) target[places[i]! * width + c] = source[rows[i]! * width + c]!;
    }
  }
}

/** The places of each source's rows, in their order. @param drawn the source of each place */
export function placesOf(drawn: ArrayLike<number>, sources: number): number[][] {
  const places = Array.from({ length: sources }, (): number[] => []);
  for (let place = 0; place < drawn.length; place++) places[drawn[place]!]!.push(place);
  return places;
}
