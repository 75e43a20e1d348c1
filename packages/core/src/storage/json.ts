import { shown, suggestion } from '../errors/errors.ts';

/**
 * Reads a value of parsed JSON. A value that doesn't fit adds a fault: its path, and what was expected.
 *
 * @param path where the value is, such as `config.seed`
 */
export type JsonReader<T> = (value: unknown, path: string, faults: string[]) => T;

type Fields = Readonly<Record<string, JsonReader<unknown>>>;
type Value<R> = R extends JsonReader<infer T> ? T : never;
type Optional<F extends Fields> = { [K in keyof F]: undefined extends Value<F[K]> ? K : never }[keyof F];

/** What {@link object} gives. */
export type JsonObject<F extends Fields> = {
  [K in Exclude<keyof F, Optional<F>>]: Value<F[K]>;
} & { [K in Optional<F>]?: Exclude<Value<F[K]>, undefined> };

/**
 * Reads a whole document.
 *
 * @returns the value, and the faults. The value is of use only without faults.
 * @example read(object({ seed: wholeNumber() }), { seed: 'x' }).faults // ['seed: expected a whole number, received "x"']
 */
export function read<T>(reader: JsonReader<T>, value: unknown): { value: T; faults: string[] } {
  const faults: string[] = [];
  return { value: reader(value, '', faults), faults };
}

/** A text, number or boolean for which `fits` is true. */
const scalar =
  <T>(what: string, fits: (value: unknown) => boolean): JsonReader<T> =>
  (value, path, faults) => {
    if (!fits(value)) faults.push(`${path}: expected ${what}, received ${shown(value)}`);
    return value as T;
  };

export const anything: JsonReader<unknown> = (value) => value;
export const text = scalar<string>('a text', (value) => typeof value === 'string');
export const flag = scalar<boolean>('true or false', (value) => typeof value === 'boolean');

/**
 * A finite number.
 *
 * @param what the allowed numbers in words
 */
export const number = (what = 'a number', fits: (value: number) => boolean = () => true): JsonReader<number> =>
  scalar(what, (value) => Number.isFinite(value) && fits(value as number));

/** A safe integer, `least` or more. */
export const wholeNumber = (least?: number): JsonReader<number> =>
  number(
    least === undefined ? 'a whole number' : `a whole number, ${least} or more`,
    (value) => Number.isSafeInteger(value) && value >= (least ?? -Infinity),
  );

export const oneOf = <const T extends string | number>(...values: readonly T[]): JsonReader<T> =>
  scalar(values.map((each) => JSON.stringify(each)).join(' or '), (value) => values.includes(value as T));

/** A value that may be missing. */
export const optional =
  <T>(reader: JsonReader<T>): JsonReader<T | undefined> =>
  (value, path, faults) =>
    value === undefined ? undefined : reader(value, path, faults);

const under = (path: string, key: string | number) => (path === '' ? String(key) : `${path}.${key}`);

export const list =
  <T>(reader: JsonReader<T>): JsonReader<T[]> =>
  (value, path, faults) => {
    if (Array.isArray(value)) return value.map((each, i) => reader(each, under(path, i), faults));
    faults.push(`${path}: expected a list, received ${shown(value)}`);
    return [];
  };

/** The entries of an object. A value that is no object has a fault, and no entries. */
function entriesOf(value: unknown, path: string, faults: string[]): [string, unknown][] | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  faults.push(`${path}: expected an object, received ${shown(value)}`);
  return undefined;
}

/** An object with any keys. */
export const record =
  <T>(reader: JsonReader<T>): JsonReader<Record<string, T>> =>
  (value, path, faults) =>
    Object.fromEntries(
      (entriesOf(value, path, faults) ?? []).map(([key, each]) => [key, reader(each, under(path, key), faults)]),
    );

/** An object with these keys and no other: nothing that a file says is ignored. A later format has a later version. */
export const object =
  <F extends Fields>(fields: F): JsonReader<JsonObject<F>> =>
  (value, path, faults) => {
    const found = entriesOf(value, path, faults);
    if (!found) return {} as JsonObject<F>;
    for (const [key] of found) {
      if (!Object.hasOwn(fields, key))
        faults.push(`${under(path, key)}: unknown. ${suggestion(key, Object.keys(fields))}`);
    }
    const values = Object.fromEntries(found);
    const entries = Object.entries(fields).map(([key, reader]) => [
      key,
      reader(Object.hasOwn(values, key) ? values[key] : undefined, under(path, key), faults),
    ]);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined)) as JsonObject<F>;
  };

/** An object whose `kind` names its reader. */
export const byKind =
  <F extends Fields>(kinds: F): JsonReader<Value<F[keyof F]>> =>
  (value, path, faults) => {
    type Result = Value<F[keyof F]>;
    const found = entriesOf(value, path, faults);
    if (!found) return value as Result;
    const { kind } = Object.fromEntries(found);
    if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) return kinds[kind]!(value, path, faults) as Result;
    faults.push(`${under(path, 'kind')}: expected one of ${Object.keys(kinds).join(', ')}, received ${shown(kind)}`);
    return value as Result;
  };

/** A value that one of the readers takes. */
export const either =
  <R extends readonly JsonReader<unknown>[]>(what: string, ...readers: R): JsonReader<Value<R[number]>> =>
  (value, path, faults) => {
    for (const reader of readers) {
      const own: string[] = [];
      const result = reader(value, path, own);
      if (own.length === 0) return result as Value<R[number]>;
    }
    faults.push(`${path}: expected ${what}, received ${shown(value)}`);
    return value as Value<R[number]>;
  };
