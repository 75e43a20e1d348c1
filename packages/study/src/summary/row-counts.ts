import type { RowCounts } from '../suites/suite-row.ts';

/** How many rows a trial's data says that it has, part by part. A suite of one's own may say it otherwise, or not at all. */
export function rowCountsOf(data: Readonly<Record<string, unknown>>): RowCounts {
  const { rows } = data;
  if (typeof rows !== 'object' || rows === null) return {};
  const counts = rows as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    ['train', 'validation', 'test'].flatMap((part) => (typeof counts[part] === 'number' ? [[part, counts[part]]] : [])),
  );
}
