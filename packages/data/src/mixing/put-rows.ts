import { emptyBatch, layoutOf, type Batch, type Schema } from '@polytask/core';

/** A batch of zeros in which no row has a label yet. */
export function blankRows(schema: Schema, size: number): Batch {
  const each = () => Object.fromEntries(Object.keys(schema.tasks).map((task) => [task, new Float32Array(size)]));
  return { ...emptyBatch(size, layoutOf(schema)), labels: each(), weights: each() };
}

/**
 * Copies rows of a batch to places of another one of the same schema.
 *
 * @param rows in `from`, one for each place
 */
export function putRows(from: Batch, rows: ArrayLike<number>, to: Batch, places: ArrayLike<number>): void {
  const put = (source: Float32Array | Int32Array, target: Float32Array | Int32Array) => {
    const width = target.length / to.size;
    for (let i = 0; i < places.length; i++) {
      for (let c = 0; c < width; c++) target[places[i]! * width + c] = source[rows[i]! * width + c]!;
    }
  };
  for (const name of ['numeric', 'ids', 'bagIds', 'bagWeights'] as const) put(from[name], to[name]);
  for (const name of ['labels', 'weights'] as const)
    for (const task in to[name]) put(from[name][task]!, to[name][task]!);
}

/** The places of each source's rows, in their order. @param drawn the source of each place */
export function placesOf(drawn: ArrayLike<number>, sources: number): number[][] {
  const places = Array.from({ length: sources }, (): number[] => []);
  for (let place = 0; place < drawn.length; place++) places[drawn[place]!]!.push(place);
  return places;
}
