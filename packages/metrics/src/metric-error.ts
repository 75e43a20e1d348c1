/**
 * Every refusal of this package: what was received, what was expected, and how to mend it, in one sentence each.
 *
 * @example
 * new MetricError('auc', 'one label', 'two', 'Add the other.').message; // 'auc: got one label; expected two. Add the other.'
 */
export class MetricError extends Error {
  override readonly name = 'MetricError';

  constructor(where: string, received: string, expected: string, remedy: string) {
    super(`${where}: got ${received}; expected ${expected}. ${remedy}`);
  }
}

/** A value as an error message shows it: short, and telling `"1"` from `1`. */
export const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `${value.constructor.name} of length ${(value as unknown as ArrayLike<number>).length}`;
  }
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};
