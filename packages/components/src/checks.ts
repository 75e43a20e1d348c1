import { mapValues } from './records.ts';
import { fail, suggestion, shown } from './errors.ts';
import { objectAt, readOptions, under, type Check } from './options.ts';
import { checkSpec, type ComponentKind, type Spec } from './registry.ts';

type Fields = Readonly<Record<string, Check>>;
type Value<R> = R extends Check<infer T> ? T : never;
type Optional<F extends Fields> = { [K in keyof F]: undefined extends Value<F[K]> ? K : never }[keyof F];

/** What {@link shaped} gives. */
export type Shaped<F extends Fields> = {
  [K in Exclude<keyof F, Optional<F>>]: Value<F[K]>;
} & { [K in Optional<F>]?: Exclude<Value<F[K]>, undefined> };

/** A value that is checked elsewhere, or not at all. */
export const anything: Check = (value) => value;

/** Allows undefined. Options without `optional` are required. */
export const optional = <T>(check: Check<T>): Check<T | undefined> =>
  Object.assign(
    (value: unknown, where: string) => (value === undefined ? undefined : check(value, where)),
    check, // the parts that `typeOf` reads
  );

/** A value for which `fits` is true. @param what the allowed values in words */
const fitting =
  <T>(what: string, fix: string, fits: (value: unknown) => boolean): Check<T> =>
  (value, where) =>
    fits(value) ? (value as T) : fail({ expected: `${what} for ${where}`, received: shown(value), fix });

/**
 * A finite number for which `fits` is true.
 *
 * @param what the allowed numbers in words, for the error message
 */
export const number = (what = 'a number', fits: (value: number) => boolean = () => true): Check<number> =>
  fitting(what, 'Give it such a number.', (value) => Number.isFinite(value) && fits(value as number));

/** A whole number, `least` or more. */
export const wholeNumber = (least = 0): Check<number> =>
  number(
    least === -Infinity ? 'a whole number' : `a whole number, ${least} or more,`,
    (value) => Number.isSafeInteger(value) && value >= least,
  );

export const positive = number('a number above 0', (value) => value > 0);
export const notNegative = number('a number of 0 or more', (value) => value >= 0);

export const flag = fitting<boolean>('true or false', 'Pass one of the two.', (value) => typeof value === 'boolean');

const textAs = (what: string, fits: (value: string) => boolean): Check<string> =>
  fitting(what, 'Write it in quotes.', (value) => typeof value === 'string' && fits(value));

/** A string, also an empty one. */
export const string = textAs('a text', () => true);

/** A string that isn't empty, such as the name of a task or feature. */
export const text = textAs('a name', (value) => value !== '');

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Check<T> =>
  (value, where) =>
    values.some((each) => each === value)
      ? (value as T)
      : fail({
          expected: `one of ${values.map((each) => JSON.stringify(each)).join(', ')} for ${where}`,
          received: shown(value),
          fix: suggestion(value, values.map(String)),
        });

/** A list of at least `least` entries, each of which passes the check. */
export const listOf = <T>(entry: Check<T>, least = 0): Check<T[]> =>
  Object.assign(
    (value: unknown, where: string) =>
      Array.isArray(value) && value.length >= least
        ? value.map((each, i) => entry(each, `${where}[${i}]`))
        : fail({
            expected: `a list${least > 0 ? ` of ${least} or more` : ''} for ${where}`,
            received: shown(value),
            fix: least > 0 ? 'Add entries.' : 'Pass [] for none.',
          }),
    { entry },
  );

/** An object with any keys, whose values pass the check. */
export const record =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value, where) =>
    mapValues(objectAt(value, where), (each, key) => check(each, under(where, key)));

/** An object with these keys and no other, such as the configuration of a level. */
export const shaped = <F extends Fields>(fields: F): Check<Shaped<F>> =>
  Object.assign((value: unknown, where: string) => readOptions(value, fields, where) as Shaped<F>, { fields });

/** A spec of this kind, as `mlp([64])` and `softmaxGate()` return them. */
export const component =
  <K extends ComponentKind>(kind: K): Check<Spec<K>> =>
  (value, where) =>
    checkSpec(kind, value, where);
