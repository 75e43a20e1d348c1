import { checks, type Check } from '@polytask/core';

// Checks of many options, for `checkOptions` of core.

export const notNegative = checks.number('a number of 0 or more', (value) => value >= 0);
export const positive = checks.number('a number above 0', (value) => value > 0);
export const belowOne = checks.number('a number in [0, 1)', (value) => value >= 0 && value < 1);

/** For an option that other code checks. */
export const anything: Check = () => {};
