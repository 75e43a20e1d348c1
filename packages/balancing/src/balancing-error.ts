/**
 * Every error of this package. The message says what was expected, what was received, and how to mend it.
 *
 * @example
 * new BalancingError('two losses', 'one', 'Pass a loss for each task.')
 *   .message; // 'Expected two losses, received one. Pass a loss for each task.'
 */
export class BalancingError extends Error {
  override readonly name = 'BalancingError';

  constructor(expected: string, received: string, mend: string) {
    super(`Expected ${expected}, received ${received}. ${mend}`);
  }
}

/** Formats a value for an error message. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? typeof value;
};
