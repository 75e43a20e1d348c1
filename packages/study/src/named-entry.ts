import { fail, suggestion } from '@polytask/core';
import { isCalled } from '@polytask/core/internal';

/** An entry of a registry that users choose from by name. */
export interface NamedEntry {
  readonly name: string;
  readonly description: string;
  /** Other names that find the entry, such as the abbreviation of its paper. */
  readonly also?: readonly string[];
}

/**
 * Finds an entry by its name, or one that it is also known by.
 *
 * @param noun the kind of entry, for errors: `model`
 * @throws PolytaskError with the nearest known name
 */
export function findEntry<R extends Pick<NamedEntry, 'name' | 'also'>>(
  entries: readonly R[],
  name: string,
  noun: string,
): R {
  const entry = entries.find((each) => each.name === name) ?? entries.find((each) => isCalled(each, name));
  if (entry) return entry;
  const names = entries.map((each) => each.name);
  const fix = suggestion(name, names);
  return fail({
    expected: `a known ${noun}`,
    received: `"${name}"`,
    fix: fix.startsWith('Known') ? fix : `${fix} Known: ${names.join(', ')}.`,
  });
}
