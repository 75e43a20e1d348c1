import { wordsOf } from './checks.ts';
import type { Described, Filled, Option, Shape } from './options.ts';

/** An option in lists, help and documentation. */
export interface OptionType {
  /** The name; `levels[].shared` is an option of the entries of `levels`. */
  readonly name: string;
  /** The values that it takes, in words: `a whole number of 1 or more`. */
  readonly type: string;
  readonly required: boolean;
  /** Undefined if it has none, or one that depends on other options. */
  readonly default?: unknown;
}

/**
 * The options of a description, those within objects and lists included.
 *
 * @example optionTypes({ units: listOf(wholeNumber(1)) }) // [{ name: 'units', type: 'a list of: a whole number of 1 or more', … }]
 */
export const optionTypes = (options: Described, path = ''): OptionType[] =>
  Object.entries(options).flatMap(([key, option]) => {
    const { shape = {}, optional = false, fallback } = option as Option & Partial<Filled>;
    const name = `${path}${key}`;
    const inner = shape.object ?? shape.list?.of.shape?.object;
    const isValue = fallback !== undefined && typeof fallback !== 'function';
    return [
      { name, type: typeOf(shape), required: !optional, ...(isValue && { default: fallback }) },
      ...(inner ? optionTypes(inner, `${name}${shape.object ? '' : '[]'}.`) : []),
    ];
  });

/** The values of an option in words. A list, or an object, of values that earlier forms take one by one is one of these. */
function typeOf({ either, list, record, ...shape }: Shape): string {
  if (either)
    return either
      .map(({ shape: form = {} }, i) => {
        const inner = typeOf((form.list?.of ?? form.record)?.shape ?? {});
        const before = either.slice(0, i).map((each) => typeOf(each.shape ?? {}));
        return [...before, before.join(', or ')].includes(inner)
          ? `${form.list ? 'a list' : 'an object'} of these`
          : typeOf(form);
      })
      .join(', or ');
  if (list) return list.of.shape?.object ? 'a list of objects' : `a list of: ${typeOf(list.of.shape ?? {})}`;
  if (record) return `an object of: ${typeOf(record.shape ?? {})}`;
  return Object.keys(shape).length > 0 ? wordsOf(shape) : 'any value';
}
