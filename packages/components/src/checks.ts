import { mapValues } from './collections.ts';
import { fail, shown, notKnown } from './errors.ts';
import {
  fits,
  objectAt,
  readOptions,
  under,
  type Described,
  type Filled,
  type Lackable,
  type NumberRange,
  type Option,
  type Read,
  type ReadValue,
  type Richer,
  type Shape,
  type Written,
  type WrittenValue,
} from './options.ts';
import { checkSpec, type ComponentKind, type Spec } from './registry.ts';

/** What {@link shaped} returns. */
export interface Shaped<O> extends Richer<Read<O>, Written<O>> {}

/** What {@link listOf} returns. */
export interface ListOf<F> extends Richer<readonly ReadValue<F>[], readonly WrittenValue<F>[]> {}

/** What {@link record} returns. */
export interface RecordOf<F> extends Richer<
  Readonly<Record<string, ReadValue<F>>>,
  Readonly<Record<string, WrittenValue<F>>>
> {}

/** What {@link either} returns. */
export interface Either<A extends readonly Option[]> extends Richer<ReadValue<A[number]>, WrittenValue<A[number]>> {}

/** An option with a check of its own: `read` returns the value as a program uses it, or nothing to leave it, or throws a PolytaskError. */
export const custom = <T>(read: (value: unknown, where: string) => T | void, shape?: Shape): Option<T> => ({
  read: (value, where) => read(value, where) ?? (value as T),
  shape,
});

/** A value that is checked elsewhere, or not at all. */
export const anything: Option = /* @__PURE__ */ custom((value) => value);

/** Lets an option be left out. Its default is a value, or a function of the options before it. */
export function optional<F extends Option>(option: F): F & Lackable;
export function optional<F extends Option>(
  option: F,
  fallback: WrittenValue<F> | ((given: Readonly<Record<string, unknown>>) => WrittenValue<F>),
): F & Filled;
export function optional(option: Option, fallback?: unknown): Option & Lackable {
  return { ...option, optional: true, ...(fallback !== undefined && { fallback }) };
}

/** The values of an option in a few words, for error messages. `optionTypes` says what is in lists and objects, too. */
export function wordsOf({ number, choice, component, list, words }: Shape): string {
  if (number) return rangeWords(number);
  if (choice) return `one of ${choice.map((each) => JSON.stringify(each)).join(', ')}`;
  if (component) return `${/^[eio]/.test(component) ? 'an' : 'a'} ${component}`;
  return words ?? (list ? 'a list' : 'an object');
}

function rangeWords({ whole, above, from, below, to }: NumberRange): string {
  const noun = `a ${whole ? 'whole ' : ''}number`;
  const [least, most] = [above ?? from, below ?? to];
  if (most !== undefined)
    return `${noun} in ${from === undefined ? '(' : '['}${least ?? '-∞'}, ${most}${to === undefined ? ')' : ']'}`;
  return least === undefined ? noun : `${noun} ${from === undefined ? `above ${least}` : `of ${least} or more`}`;
}

/** A value for which `fits` is true. */
const fitting = <T>(shape: Shape, fix: string, fits: (value: unknown) => boolean): Option<T> =>
  custom<T>((value, where) => {
    if (!fits(value)) fail({ expected: `${wordsOf(shape)} for ${where}`, received: shown(value), fix });
  }, shape);

/**
 * A finite number.
 *
 * @param range its bounds: `from` and `to` belong to it, `above` and `below` don't. Default: every number
 * @example number({ from: 0, below: 1 }) // a number in [0, 1)
 */
export const number = (range: NumberRange = {}): Option<number> =>
  fitting({ number: range }, 'Pass such a value.', (value) => {
    const { whole, above = -Infinity, from = -Infinity, below = Infinity, to = Infinity } = range;
    const isNumber = whole ? Number.isSafeInteger(value) : Number.isFinite(value);
    const x = value as number;
    return isNumber && x > above && x >= from && x < below && x <= to;
  });

/** A whole number, `least` or more. */
export const wholeNumber = (least = 0): Option<number> => number({ whole: true, from: least });

export const positive = /* @__PURE__ */ number({ above: 0 });
export const notNegative = /* @__PURE__ */ number({ from: 0 });

/** A number in [0, 1]. */
export const share = /* @__PURE__ */ number({ from: 0, to: 1 });

export const flag = /* @__PURE__ */ fitting<boolean>(
  { flag: true, words: 'true or false' },
  'Pass such a value.',
  (value) => typeof value === 'boolean',
);

const textOf = (text: 'any' | 'name'): Option<string> =>
  fitting(
    { text, words: 'a text' },
    'Write it in quotes.',
    (value) => typeof value === 'string' && (text === 'any' || value !== ''),
  );

/** A string, also an empty one. */
export const string = /* @__PURE__ */ textOf('any');

/** A string that isn't empty, such as the name of a task or feature. */
export const text = /* @__PURE__ */ textOf('name');

export const oneOf = <const T extends string | number>(...values: readonly T[]): Option<T> => {
  const shape: Shape = { choice: values };
  return custom<T>((value, where) => {
    if (!values.includes(value as T)) notKnown(value, values.map(String), `${wordsOf(shape)} for ${where}`);
  }, shape);
};

/** A list of at least `least` entries, each of which the option takes. */
export const listOf = <F extends Option>(of: F, least = 0): ListOf<F> =>
  custom(
    (value, where) =>
      Array.isArray(value) && value.length >= least
        ? value.map((each, i) => of.read(each, `${where}[${i}]`))
        : fail({
            expected: `a list${least > 0 ? ` of ${least} or more` : ''} for ${where}`,
            received: shown(value),
            fix: least > 0 ? 'Add entries.' : 'Pass [] for none.',
          }),
    { list: { of, least } },
  ) as unknown as ListOf<F>;

export const record = <F extends Option>(of: F): RecordOf<F> =>
  custom((value, where) => mapValues(objectAt(value, where), (each, key) => of.read(each, under(where, key))), {
    record: of,
  }) as unknown as RecordOf<F>;

/** An object with these options and no other, such as the configuration of a level. */
export const shaped = <O extends Described>(options: O): Shaped<O> =>
  custom((value, where) => readOptions(value, options, where), { object: options }) as unknown as Shaped<O>;

/** A spec of this kind, as `mlp([64])` and `softmaxGate()` return them. */
export const component = <K extends ComponentKind>(kind: K): Option<Spec<K>> =>
  custom((value, where) => checkSpec(kind, value, where), { component: kind });

/**
 * A value of one of these options: the first one that takes it. If none does, the error is that of the only option for such a value (a list, an
 * object, or another one), or names all options.
 */
export const either = <const A extends readonly Option[]>(...options: A): Either<A> =>
  custom(
    (value, where) => {
      const form = Array.isArray(value) ? 'list' : /^[of]/.test(typeof value) ? 'object' : undefined; // or a function: a factory
      const [only, another] = options.filter((each) => formOf(each) === form);
      const taker = options.find((each) => fits(each, value)) ?? (another ? undefined : only);
      if (taker) return taker.read(value, where);
      const expected = options.map(({ shape = {} }) => wordsOf(shape)).join(', or ');
      return fail({ expected: `${expected} for ${where}`, received: shown(value), fix: 'Pass such a value.' });
    },
    { either: options },
  ) as unknown as Either<A>;

/** The checks by name. They are an object, and no namespace, so that a bundle has only those that it uses. */
export const commonChecks = {
  anything,
  component,
  custom,
  either,
  flag,
  listOf,
  number,
  oneOf,
  notNegative,
  optional,
  positive,
  record,
  shaped,
  share,
  string,
  text,
  wholeNumber,
} as const;

const formOf = ({ shape: { list, object, record, component } = {} }: Option): string | undefined =>
  list ? 'list' : (object ?? record ?? component) && 'object';
