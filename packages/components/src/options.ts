import { fail, PolytaskError, shown, suggestion } from './errors.ts';

/**
 * Returns a value that fits, and throws a PolytaskError for another one. `checks.ts` has the common checks. One that only throws
 * is a check, too.
 *
 * @param where the name of the value in error messages, such as `adatt.levels[0].shared`
 */
export type Check<T = unknown> = (value: unknown, where: string) => T;

/** A check for each option of a configuration. TypeScript requires a check for every option. */
export type Options<C> = { readonly [K in keyof C]-?: Check };

/**
 * Checks a configuration against its options. Components that are defined with `options` are checked when they are created
 * and when they are loaded.
 *
 * @param where the name of the component in error messages
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example
 * checkOptions({ dropuot: 0.1 }, { dropout: optional(number('a rate in [0, 1)', (x) => x >= 0 && x < 1)) }, 'mlp');
 * // PolytaskError: Expected an option of mlp, received "dropuot". Did you mean "dropout"?
 */
export function checkOptions<C>(config: unknown, options: Options<C>, where: string): void {
  readOptions(config, options as Readonly<Record<string, Check>>, where);
}

/**
 * Reads an object that has these options and no other.
 *
 * @param where the name of the object in error messages; '' for a whole document
 * @returns the values that the checks returned, without the undefined ones
 */
export function readOptions(
  config: unknown,
  options: Readonly<Record<string, Check>>,
  where: string,
): Record<string, unknown> {
  const names = Object.keys(options);
  const values = { __proto__: null, ...objectAt(config, where, names) } as Readonly<Record<string, unknown>>;
  checkNames(values, names, where);
  const entries = names.map((name) => [name, options[name]!(values[name], under(where, name))]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, unknown>;
}

/** @throws PolytaskError when an object has another key than these, with a suggestion. @param where its name in error messages */
export function checkNames(values: object, names: readonly string[], where: string): void {
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const expected = `an option of ${where || 'the document'}`;
    fail({ expected, received: `"${name}"`, fix: suggestion(name, names) });
  }
}

export const under = (where: string, key: string): string => (where === '' ? key : `${where}.${key}`);

/** A value that must be an object. @param options that it may have, for the error message */
export function objectAt(
  value: unknown,
  where: string,
  options?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  const names = options?.join(', ');
  return fail({
    expected: `an object ${options ? 'with the options of' : 'for'} ${where || 'the document'}`,
    received: shown(value),
    fix: names ? `Its options are ${names}.` : options ? 'It has none: leave it out.' : 'Write { … }.',
  });
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads parsed JSON that a program wrote, such as a saved model.
 *
 * @param what the document and its place, as the error names it
 * @throws PolytaskError that names the first value that doesn't fit
 * @example readDocument(shaped({ seed: wholeNumber() }), { seed: 'x' }, 'run.json in out') // … for seed, received "x" …
 */
export function readDocument<T>(check: Check<T>, value: unknown, what: string): T {
  try {
    return check(value, '');
  } catch (error) {
    throw new PolytaskError(`${what} was changed after it was written. ${(error as Error).message}`);
  }
}

/** Whether a value passes a check. */
export function fits<T>(check: Check<T>, value: unknown): value is T {
  try {
    check(value, '');
    return true;
  } catch {
    return false;
  }
}
