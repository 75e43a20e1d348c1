import { checks, type Check } from '@polytask/core';

// Checks that many options share, for core's `checkOptions`.

export const notNegative = checks.number('a number of 0 or more', (value) => value >= 0);
export const positive = checks.number('a number above 0', (value) => value > 0);
export const belowOne = checks.number('a number in [0, 1)', (value) => value >= 0 && value < 1);

/** For an option that is looked at elsewhere. */
export const anything: Check = () => {};
