import { fail, suggestion } from '@polytask/core';

/** A row of a table that users choose from by name. */
export interface NamedEntry {
  readonly name: string;
  readonly description: string;
  /** Another name that finds the row. */
  readonly alias?: string;
}

/**
 * Finds a row by its name or alias.
 *
 * @param noun the kind of row, for errors: `model`
 * @throws PolytaskError with the nearest known name
 */
export function findEntry<R extends Pick<NamedEntry, 'name' | 'alias'>>(
  rows: readonly R[],
  name: string,
  noun: string,
): R {
  const row = rows.find((each) => each.name === name || (each.alias !== undefined && each.alias === name));
  if (row) return row;
  const names = rows.map((each) => each.name);
  const fix = suggestion(name, names);
  return fail({
    expected: `a known ${noun}`,
    received: `"${name}"`,
    fix: fix.startsWith('Known') ? fix : `${fix} Known: ${names.join(', ')}.`,
  });
}
