import leven from 'leven';

/** Every error that Polytask throws on purpose. The message says what was expected, what was received, and how to fix it. */
export class PolytaskError extends Error {
  override readonly name: string = 'PolytaskError';
}

/**
 * Throws a {@link PolytaskError}.
 *
 * @throws PolytaskError always
 * @example
 * fail({ expected: 'a positive number of experts', received: '-1', fix: 'Pass perTask: 1 or more.' });
 * // PolytaskError: Expected a positive number of experts, received -1. Pass perTask: 1 or more.
 */
export function fail(parts: { expected: string; received: string; fix: string }): never {
  throw new PolytaskError(`Expected ${parts.expected}, received ${parts.received}. ${parts.fix}`);
}

/** Candidates beyond these are not compared: each takes about a microsecond, and they may come from a stranger. */
const MOST_CANDIDATES = 2000;
const MOST_LISTED = 200;

/**
 * `Did you mean "x"?`, or a list of all candidates when none is near.
 *
 * @example suggestion('dropuot', ['units', 'dropout']) // Did you mean "dropout"?
 */
export function suggestion(name: unknown, candidates: Iterable<string>): string {
  const names = [...candidates].slice(0, MOST_CANDIDATES);
  if (names.length === 0) return 'None is known.';
  const text = typeof name === 'string' ? name : shown(name); // String fails for an object whose toString is no function
  const most = Math.max(2, Math.ceil(text.length / 3));
  const distances = names.map((each) => leven(text, each, { maxDistance: most + 1 }));
  const least = Math.min(...distances);
  if (least <= most) return `Did you mean "${names[distances.indexOf(least)]}"?`;
  const listed = names.slice(0, MOST_LISTED).map((each) => `"${each}"`);
  return `Known: ${listed.join(', ')}${listed.length < names.length ? ' and others' : ''}.`;
}

/** Refuses a name with the known one that was meant: {@link suggestion}. */
export const notKnown = (name: unknown, known: Iterable<string>, expected: string): never =>
  fail({ expected, received: shown(name), fix: suggestion(name, known) });

/** @throws PolytaskError for a name that is none of the known ones, as {@link notKnown} */
export function checkKnown(name: string, known: readonly string[], expected: string): void {
  if (!known.includes(name)) notKnown(name, known, expected);
}

const LONGEST = 80;

/** Formats a value for an error message. Long text is cut; NaN, infinity, functions and symbols are named. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  const json = JSON.stringify(value, (_, each: unknown) => (plainly(each) ? start(each) : shown(each))) as
    string | undefined;
  const text = json ?? Object.prototype.toString.call(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** As much of a long value as its text can show. */
const start = (value: unknown): unknown =>
  typeof value === 'string' || Array.isArray(value) ? value.slice(0, LONGEST) : value;

const plainly = (value: unknown) => {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'function' && typeof value !== 'bigint' && typeof value !== 'symbol';
};
