import { fail, PolytaskError, shown, checkKnown } from './errors.ts';

/** The values that an option takes. It is no function: TypeScript defers generic calls that return some, and options in others would be `unknown`. */
export interface Option<out T = unknown> {
  /** The value as a program uses it. @param where its name in error messages @throws PolytaskError when the value doesn't fit */
  read(value: unknown, where: string): T;
  /** The values as data, for help, documentation and JSON Schemas. Undefined: any value. */
  readonly shape?: Shape | undefined;
}

export interface Lackable {
  readonly optional: true;
}

/** An option with a default: a value, or a function of the options before it. */
export interface Filled extends Lackable {
  readonly fallback: unknown;
}

/** An option whose written value has another type than the one that a program reads. */
export interface Richer<T, W> extends Option<T> {
  /** Only a type. */
  readonly written: W;
}

/** What an option takes, as data. */
export interface Shape {
  readonly number?: NumberRange;
  /** `any` takes an empty text, too. */
  readonly text?: 'any' | 'name';
  readonly flag?: true;
  readonly choice?: readonly (string | number)[];
  readonly list?: { readonly of: Option; readonly least: number };
  readonly record?: Option;
  readonly object?: Described;
  readonly either?: readonly Option[];
  /** The kind of a component. */
  readonly component?: string;
  /** A definition of JSON Schemas, for values with a check of their own: a `feature` or `task` of a data set file, say. */
  readonly definition?: string;
  /** Words for values that no other shape has, such as `a function`. */
  readonly words?: string;
}

export interface NumberRange {
  readonly whole?: boolean;
  readonly above?: number;
  readonly from?: number;
  readonly below?: number;
  readonly to?: number;
}

/** The options of a component, function, command or document by name. The docstring above an option describes it. */
export type Described = Readonly<Record<string, Option>>;

/** The description of options whose types are declared by hand, because they have generics or functions. */
export type Options<C> = { readonly [K in keyof C]-?: Option };

/** A second base of interfaces of options: with one base only, TypeScript's errors name `Written<…>` and not the interface. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface FromDescription {}

export type ReadValue<F> = F extends Option<infer T> ? T : never;
export type WrittenValue<F> = F extends { readonly written: infer W } ? W : ReadValue<F>;

type LackableKeys<O> = { [K in keyof O]: O[K] extends Lackable ? K : never }[keyof O];
type UnfilledKeys<O> = {
  [K in keyof O]: O[K] extends Filled ? never : O[K] extends Lackable ? K : never;
}[keyof O];
// `K extends keyof O` keeps docstrings, `[P in keyof O as …]` loses them
type Must<O, K extends keyof O> = { readonly [P in K]: WrittenValue<O[P]> };
type May<O, K extends keyof O> = { readonly [P in K]?: WrittenValue<O[P]> | undefined };
type Has<O, K extends keyof O> = { readonly [P in K]: ReadValue<O[P]> };
type MayHave<O, K extends keyof O> = { readonly [P in K]?: ReadValue<O[P]> | undefined };
type WrittenParts<O> = Must<O, Exclude<keyof O, LackableKeys<O>>> & May<O, LackableKeys<O>>;
type ReadParts<O> = Has<O, Exclude<keyof O, UnfilledKeys<O>>> & MayHave<O, UnfilledKeys<O>>;

/** The options as a user writes them. */
export type Written<O> = { [K in keyof WrittenParts<O>]: WrittenParts<O>[K] };

/** The options as a program reads them, with defaults. */
export type Read<O> = { [K in keyof ReadParts<O>]: ReadParts<O>[K] };

/** The arguments of a factory. The configuration may be left out if every option may be. */
export type Args<O> = keyof O extends LackableKeys<O> ? [config?: Written<O>] : [config: Written<O>];

/**
 * Reads an object that has these options and no other, in the order of their description, with defaults.
 *
 * @param where the name of the object in error messages; '' for a whole document
 * @throws PolytaskError when an option is unknown, with a suggestion, is missing, or has a value that doesn't fit
 * @example
 * readOptions({ dropuot: 0.1 }, { dropout: optional(number({ from: 0, below: 1 }), 0) }, 'mlp');
 * // PolytaskError: Expected an option of mlp, received "dropuot". Did you mean "dropout"?
 */
export function readOptions<O extends object>(config: unknown, options: O, where: string): Read<O> {
  const names = Object.keys(options);
  const values = { __proto__: null, ...objectAt(config, where, names) } as Readonly<Record<string, unknown>>;
  checkNames(values, names, where);
  const read: Record<string, unknown> = {};
  for (const name of names) {
    const option = (options as Readonly<Record<string, Option & Partial<Filled>>>)[name]!;
    let value = values[name];
    if (value === undefined && option.optional) {
      const { fallback } = option;
      value = typeof fallback === 'function' ? (fallback as (given: object) => unknown)(read) : fallback;
      if (value === undefined) continue;
    }
    const place = under(where, name);
    if (!(option as Partial<Option>).read)
      fail({
        expected: `a check for the option ${place}`,
        received: shown(option),
        fix: 'Pass checks.positive, for example.',
      });
    const known = option.read(value, place);
    if (known !== undefined) read[name] = known;
  }
  return read as Read<O>;
}

/** @throws PolytaskError when an object has another key than these, with a suggestion. @param where its name in error messages */
export function checkNames(values: object, names: readonly string[], where: string): void {
  for (const name of Object.keys(values)) checkKnown(name, names, `an option of ${where || 'the document'}`);
}

/**
 * Requires members of what a user's definition has or gives.
 *
 * @param what the definition in error messages, with an article
 * @throws PolytaskError that names the first missing one
 */
export function checkMembers<T>(value: T, members: readonly string[], what: string): T {
  const missing = members.find((name) => (value as Record<string, unknown> | undefined)?.[name] === undefined);
  if (value !== undefined && missing === undefined) return value;
  return fail({
    expected: `${what} with ${members.join(', ') || 'a function'}`,
    received: shown(value && Object.keys(value)),
    fix: `Add ${missing ?? 'it'}.`,
  });
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
 * @param fix the end of the error. Default: none
 * @throws PolytaskError that names the first value that doesn't fit
 * @example readDocument(shaped({ seed: wholeNumber() }), { seed: 'x' }, 'run.json in out') // … for seed, received "x" …
 */
export function readDocument<T>(option: Option<T>, value: unknown, what: string, fix = ''): T {
  try {
    return option.read(value, '');
  } catch (error) {
    throw new PolytaskError(`${what} was changed after it was written. ${(error as Error).message} ${fix}`.trim());
  }
}

export function fits<T>(option: Option<T>, value: unknown): value is T {
  try {
    option.read(value, '');
    return true;
  } catch {
    return false;
  }
}
