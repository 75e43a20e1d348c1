import { rowCountsOf } from '../summary/row-counts.ts';
import type { Summary } from '../summary/summary.ts';
import { formatCount, joined } from './format.ts';

/**
 * How many rows a seed trains on, picks epochs by and is tested on, and what `--limit-rows` left out.
 *
 * @returns sentences; none where the suite doesn't say how many rows it has
 */
export function rowsSentences({ config, warnings }: Pick<Summary, 'config' | 'warnings'>): string[] {
  const { train, validation, test } = rowCountsOf(config.data);
  const { validation: share } = config.data;
  const parts = [
    train === undefined ? [] : [`${formatCount(train)} training${partOf(validation, share)}`],
    validation === undefined ? [] : [`${formatCount(validation)} validation`],
    test === undefined ? [] : [`${formatCount(test)} test`],
  ].flat();
  const limited = warnings.filter(({ guard }) => guard === 'limited rows').map(({ message }) => message);
  if (parts.length === 0) return limited;
  return [`${joined(parts)} rows per seed.`, ...limited];
}

/** A suite that splits its training rows itself says which part is for validation. */
const partOf = (validation: number | undefined, share: unknown): string =>
  validation === undefined && typeof share === 'number' ? ` (${100 * share}% of them for validation)` : '';
