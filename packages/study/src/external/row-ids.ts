import type { SuiteData } from '../suites/suite-row.ts';
import { withoutContent } from '../trials/current-trials.ts';
import { contentKey } from '../trials/trial-key.ts';

/** The parts of the rows of one seed. */
export type RowPart = 'train' | 'validation' | 'test';

/**
 * The ids of the rows of one part. An id names the data, the seed and the part, so that predictions of other rows are told apart.
 * The hash of the rows is no part of it: predictions outlive a mended label.
 *
 * @param config the description that identifies the data
 * @returns the id of the row with a 0-based index, such as `9f86d081-17`
 * @example rowIds({ set: 'toy' }, 1, 'test')(17)
 */
export function rowIds(config: SuiteData['config'], seed: number, part: RowPart): (row: number) => string {
  const prefix = contentKey({ data: withoutContent(config), seed, part }).slice(0, 8);
  return (row) => `${prefix}-${row}`;
}
