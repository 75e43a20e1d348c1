import { countsOf, ranked } from '@polytask/components';
import { copyBatch, joinBatches, type Batch } from '../features/batch.ts';
import { BATCH_PARTS, type Layout } from '../features/layout.ts';
import type { Readable } from '../model/predictions.ts';
import { permutation, randomStream } from '../random/random.ts';
import type { Background, ExplainedFeature } from './explaining.ts';
import { stratifiedSample } from './strata.ts';

/** The most rows that are read for a sample. */
const POOL = 5000;

/** Samples background rows. @param features those whose rare values the sample should have @param count how many rows at most */
export function sampleBackground(
  { size, slice }: Readable,
  features: readonly ExplainedFeature[],
  { count, seed, layout }: { readonly count: number; readonly seed: number; readonly layout: Layout },
): Background {
  const stream = randomStream(seed, 'background');
  const each = () => permutation(stream, size).slice(0, Math.max(count, POOL)).sort();
  const pool =
    size <= Math.max(count, POOL)
      ? slice(0, size)
      : joinBatches(
          Array.from(each(), (row) => slice(row, row + 1)),
          layout,
        );
  const rare = size <= count ? [] : features.map((feature) => rareRows(pool, feature, layout));
  const { rows, strata } = stratifiedSample(rare, pool.size, count, stream);
  return { batch: copiedRows(pool, rows), strata };
}

/** Copies rows of a batch. */
export const copiedRows = (batch: Batch, rows: readonly number[]): Batch =>
  copyBatch(batch, rows.length, (from, to, width) =>
    rows.forEach((row, i) => to.set(from.subarray(row * width, (row + 1) * width), i * width)),
  );

/** [rows] 1 for a row in which the feature has another value than the most frequent one. */
function rareRows(batch: Batch, { parts }: ExplainedFeature, layout: Layout): Uint8Array {
  const values = Array.from({ length: batch.size }, (_, row) =>
    parts
      .map(({ part, column, width }) => {
        const from = row * BATCH_PARTS[part].width(layout) + column;
        return batch[part].subarray(from, from + width).join();
      })
      .join(),
  );
  const [[usual]] = ranked(countsOf(values)) as [[string, number]];
  return Uint8Array.from(values, (value) => Number(value !== usual));
}
