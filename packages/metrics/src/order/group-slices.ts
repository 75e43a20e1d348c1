import { sortByKey } from './argsort.ts';

/**
 * Calls `visit` for each non-empty group with the bounds of its rows in the orders returned by `byGroup`. Every
 * order of the same rows has the same bounds.
 */
export const forEachGroup = (
  group: Uint32Array,
  groupCount: number,
  visit: (start: number, end: number) => void,
): void => {
  const sizes = new Uint32Array(groupCount);
  for (let i = 0; i < group.length; i++) sizes[group[i]!]!++;
  let start = 0;
  for (let g = 0; g < groupCount; g++) {
    const end = start + sizes[g]!;
    if (end > start) visit(start, end);
    start = end;
  }
};

/** Rows in order of their group, and within a group in the given order. */
export const byGroup = (group: Uint32Array, order: Uint32Array): Uint32Array => sortByKey(group, order);
