import type { EncodedTable } from '../examples/encoded-table.ts';
import { rowHashes } from './row-hashes.ts';
import type { DataWarning, PartName } from './warnings.ts';

/**
 * Rows of a part that stand in another part too, with the same features and the same labels: a score on them tells what was
 * remembered. Rows are compared by a hash of 53 bits of what the model reads. Where features are few and coarse, different
 * people may well have the same row. Which rows have known features, whatever their labels, `rowsSeen` says.
 *
 * @returns no warning, or one
 * @example duplicatedRows(['test', test], ['train', train])
 */
export function duplicatedRows(
  [part, rows]: readonly [PartName, EncodedTable],
  [other, others]: readonly [PartName, EncodedTable],
): DataWarning[] {
  if (rows.size === 0 || others.size === 0) return [];
  const tasks = Object.keys(rows.schema.tasks);
  const known = new Set(rowHashes(others, tasks));
  const count = rowHashes(rows, tasks).reduce((sum, hash) => sum + Number(known.has(hash)), 0);
  if (count === 0) return [];
  const share = count / rows.size;
  return [
    {
      kind: 'duplicated-rows',
      ...{ part, other, rows: count, share },
      message: `${count} of ${rows.size} ${part} rows (${(100 * share).toFixed(1)}%) stand among the ${other} rows too, features and labels alike.`,
    },
  ];
}
