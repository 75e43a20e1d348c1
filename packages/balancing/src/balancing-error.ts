/**
 * Every refusal of this package: what was expected, what was received, and how to mend it, in one sentence each.
 *
 * @example
 * new BalancingError('two losses', 'one', 'Pass a loss for each task.').message; // 'Expected two losses, received one. Pass a loss for each task.'
 */
export class BalancingError extends Error {
  override readonly name = 'BalancingError';

  constructor(expected: string, received: string, mend: string) {
    super(`Expected ${expected}, received ${received}. ${mend}`);
  }
}

/** A value as an error message shows it. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? typeof value;
};
