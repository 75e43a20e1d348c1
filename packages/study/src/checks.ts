import { mapValues } from '@polytask/components';
import { checks, type Described, fail, type Lackable, type Option, type Read } from '@polytask/core';

const { custom, optional, shaped, wholeNumber } = checks;

export const count = wholeNumber(1);

/** A list of one seed or more: distinct integers of 0 or more. */
export const seeds = custom<readonly number[]>(
  (value, where) => {
    const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
    const fits = list.every(
      (seed, i) => Number.isSafeInteger(seed) && (seed as number) >= 0 && list.indexOf(seed) === i,
    );
    if (list.length > 0 && fits) return;
    fail({
      expected: `one seed or more for ${where}, each a whole number of 0 or more, none twice`,
      received: Array.isArray(value) && list.length === 0 ? 'none' : (JSON.stringify(value) ?? typeof value),
      fix: 'Seeds 1, 2, 3 would do.',
    });
  },
  { list: { of: wholeNumber(), least: 1 } },
);

/** The number of folds, 2 or more. */
export const folds = wholeNumber(2);

/** The same options, each of which may be left out. */
export const partial = <O extends Described>(options: O) =>
  mapValues(options, (each: Option) => optional(each)) as { readonly [K in keyof O]: O[K] & Lackable };

/** An object that has some of the options. */
export const someOf = <O extends Described>(options: O) =>
  shaped(partial(options)) as unknown as Option<Partial<Read<O>>>;
