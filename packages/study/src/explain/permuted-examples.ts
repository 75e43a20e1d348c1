import {
  permutation,
  layoutOf,
  randomStream,
  BATCH_PARTS,
  featureParts,
  type Batch,
  type Examples,
  type FeaturePosition,
  type Tasks,
} from '@polytask/core';

/** Rows, and copies of them in which one feature has the values of other rows. */
export interface PermutedExamples<T extends Tasks = Tasks> extends Examples<T> {
  /** The permuted features. A sequence is permuted with its side columns, which have an entry for each of its entries. */
  readonly features: readonly string[];
  /** The 0-based index of the copy that a row belongs to, or −1 for the rows themselves. */
  copyOf(row: number): number;
}

/**
 * The rows, followed by `repeats` copies of them for each feature, in which the values of the feature are permuted. Copy
 * f · repeats + r permutes feature f. The permutation r is the same for all features. No row is copied before it is read.
 *
 * @param seed of the permutations
 */
export function permutedExamples<T extends Tasks>(
  rows: Examples<T>,
  repeats: number,
  seed: number,
): PermutedExamples<T> {
  const { schema, size } = rows;
  const layout = layoutOf(schema);
  const features = layout.places.filter(({ sequence }) => sequence === undefined).map(({ name }) => name);
  const placesOf = features.map((name) =>
    layout.places.filter((place) => place.name === name || place.sequence === name),
  );
  const permutations = Array.from({ length: repeats }, (_, r) =>
    permutation(randomStream(seed, `permutation ${r}`), size),
  );
  return {
    schema,
    features,
    size: size * (1 + features.length * repeats),
    copyOf: (row) => Math.floor(row / size) - 1,
    batch(indices) {
      const own = Array.from(indices, (index) => index % size);
      const batch = rows.batch(own);
      const donors = rows.batch(
        own.map((row, i) => {
          const copy = Math.floor(indices[i]! / size) - 1;
          return copy < 0 ? row : permutations[copy % repeats]![row]!;
        }),
      );
      for (let i = 0; i < own.length; i++) {
        const copy = Math.floor(indices[i]! / size) - 1;
        if (copy < 0) continue;
        for (const place of placesOf[Math.floor(copy / repeats)]!) transfer(place, donors, batch, i);
      }
      return batch;

      function transfer(place: FeaturePosition, from: Batch, to: Batch, row: number): void {
        for (const { part, column, width } of featureParts(place)) {
          const start = row * BATCH_PARTS[part].width(layout) + column;
          to[part].set(from[part].subarray(start, start + width), start);
        }
      }
    },
  };
}
