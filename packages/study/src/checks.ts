import { checks, fail } from '@polytask/core';

/** A whole number of 1 or more. */
export const count = checks.wholeNumber(1);

export const { positive } = checks;

/** A list of one seed or more: distinct integers of 0 or more. */
export const seeds = checks.custom<readonly number[]>(
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
  { list: { of: checks.wholeNumber(), least: 1 } },
);

/** The number of folds, 2 or more. */
export const folds = checks.wholeNumber(2);
