import { fail, suggestion } from '@polytask/core';

/** An entry of a registry that users choose from by name. */
export interface NamedEntry {
  readonly name: string;
  readonly description: string;
  /** Another name that finds the entry. */
  readonly alias?: string;
}

/**
 * Finds an entry by its name or alias.
 *
 * @param noun the kind of entry, for errors: `model`
 * @throws PolytaskError with the nearest known name
 */
export function findEntry<R extends Pick<NamedEntry, 'name' | 'alias'>>(
  entries: readonly R[],
  name: string,
  noun: string,
): R {
  const entry = entries.find((each) => each.name === name || (each.alias !== undefined && each.alias === name));
  if (entry) return entry;
  const names = entries.map((each) => each.name);
  const fix = suggestion(name, names);
  return fail({
    expected: `a known ${noun}`,
    received: `"${name}"`,
    fix: fix.startsWith('Known') ? fix : `${fix} Known: ${names.join(', ')}.`,
  });
}
