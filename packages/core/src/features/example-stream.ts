import type { Tasks } from '../tasks/tasks.ts';
import type { Batch } from './batch.ts';
import type { Schema } from './schema.ts';

/**
 * Encoded rows that can only be read from the first to the last, as often as they are asked for: data larger than memory.
 * `fit` and `evaluate` take it where they take {@link Examples}.
 */
export interface ExampleStream<T extends Tasks = Tasks> {
  readonly schema: Schema<T>;
  /** Rows of an epoch, where they are known without being read. */
  readonly size?: number | undefined;
  /** Whether the rows come in a random order already, so that `fit` doesn't shuffle them. */
  readonly shuffled?: boolean | undefined;
  /**
   * The rows of an epoch in pieces of any size. The same epoch gives the same rows in the same order each time: a resumed run
   * reads them again up to its place.
   *
   * @param epoch from 1; a source that is the same in every epoch does not read it
   */
  chunks(epoch: number): AsyncIterable<Batch>;
}
