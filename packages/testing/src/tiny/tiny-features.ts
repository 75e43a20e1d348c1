import { emptyBatch, randomStream, copyBatch, rowWriter, type Batch, type Layout, type Schema } from '@polytask/core';

/**
 * Normally distributed rows that depend on the arguments alone. [count][width]
 *
 * @param name of the random stream; another name gives other rows
 * @example tinyRows(2, 3); // two rows of three numbers
 */
export function tinyRows(count: number, width = 3, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}

/** The width of the feature `x` of tiny models. */
export const WIDTH = 3;

/**
 * Rows with a value for each feature: normally distributed numbers, and categories that are drawn from all that the feature has.
 * They depend on the layout and their index alone.
 *
 * @param tasks the tasks that have labels, which are 0 with weight 0. Default: none
 */
export function tinyFeatures(size: number, layout: Layout, tasks: readonly string[] = []): Batch {
  const batch = emptyBatch(size, layout, tasks);
  batch.numeric.set(tinyRows(size, layout.numeric).flat());
  batch.bagNumbers.set(tinyRows(size, layout.numberSlots, 'side numbers').flat());
  batch.bagWeights.fill(0.5);
  for (const { values, ...own } of layout.places) {
    const place = values ?? own;
    if (!place.table) continue;
    const { part, width, table } = place;
    const write = rowWriter(place, layout);
    const stream = randomStream(1, `codes of ${place.name}`);
    for (let row = 0; row < size; row++) {
      const codes = stream.uniform(width, 0, table.codes.count);
      // a feature with one id has one code, whose vectors have rows of their own
      for (let slot = 0; slot < width; slot++) write(batch, row, slot, Math.floor(codes[part === 'ids' ? 0 : slot]!));
    }
  }
  return batch;
}

/** The rows of a batch with these indices. */
export const pickRows = (batch: Batch, rows: ArrayLike<number>): Batch =>
  copyBatch(batch, rows.length, (array, picked, width) => {
    for (let i = 0; i < rows.length; i++)
      picked.set(array.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  });

/**
 * A score for each row: a linear function of its numbers, and a number for each of its categories. It depends on the name of the task.
 *
 * @returns [size]
 */
export function tinyScores({ size, numeric, ids, bagIds }: Batch, layout: Layout, task: string): number[] {
  const slope = randomStream(1, `label ${task}`).normal(layout.numeric);
  const effects = layout.vocabulary > 0 ? randomStream(1, `categories ${task}`).normal(layout.vocabulary) : [];
  return Array.from({ length: size }, (_, row) => {
    let score = 0;
    for (let c = 0; c < layout.numeric; c++) score += numeric[row * layout.numeric + c]! * slope[c]!;
    for (let f = 0; f < layout.fields; f++) score += effects[ids[row * layout.fields + f]!]!;
    for (let s = 0; s < layout.slots; s++) score += 0.5 * effects[bagIds[row * layout.slots + s]!]!;
    return score;
  });
}

/** The feature `x`, and a category for each other name. */
export const tinySchema = (names: readonly string[]): Schema['features'] => ({
  ...Object.fromEntries(names.map((name) => [name, { kind: 'categorical', vocabulary: ['p', 'q', 'r'] } as const])),
  x: { kind: 'vector', width: WIDTH },
});
