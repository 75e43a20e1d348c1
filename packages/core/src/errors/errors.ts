import { closest, distance } from 'fastest-levenshtein';

/** Every error that Polytask throws on purpose. Its message says what was received, what was expected, how to mend it. */
export class PolytaskError extends Error {
  override readonly name = 'PolytaskError';
}

/**
 * Throws a {@link PolytaskError} of three sentences.
 *
 * @example
 * fail({ expected: 'a positive number of experts', received: '-1', mend: 'Pass perTask: 1 or more.' });
 * // PolytaskError: Expected a positive number of experts, received -1. Pass perTask: 1 or more.
 */
export function fail(parts: { expected: string; received: string; mend: string }): never {
  throw new PolytaskError(`Expected ${parts.expected}, received ${parts.received}. ${parts.mend}`);
}

/** ` Did you mean "x"?` with the nearest of the known names, or a list of all of them when none is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  if (names.length === 0) return 'None is known.';
  const nearest = closest(name, names);
  if (distance(name, nearest) <= Math.max(2, Math.ceil(name.length / 3))) return `Did you mean "${nearest}"?`;
  return `Known: ${names.map((each) => `"${each}"`).join(', ')}.`;
}
