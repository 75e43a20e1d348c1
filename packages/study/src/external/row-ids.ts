import type { SuiteData } from '../suites/suite-row.ts';
import { contentKey } from '../results/trial-key.ts';

/** The parts of the rows of one seed. */
export type RowPart = 'train' | 'validation' | 'test';

/**
 * The ids of the rows of one part. An id names the data with the hash of its rows, the seed and the part. So predictions of other rows
 * are told apart, and those of the same rows in another order.
 *
 * @param config the description that identifies the data
 * @returns the id of the row with a 0-based index, such as `9f86d081-17`
 * @example rowIds({ set: 'toy' }, 1, 'test')(17)
 */
export function rowIds(config: SuiteData['config'], seed: number, part: RowPart): (row: number) => string {
  const prefix = contentKey({ data: config, seed, part }).slice(0, 8);
  return (row) => `${prefix}-${row}`;
}
