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

/** A setting that counts something. */
export const requireCount = (where: string, noun: string, value: unknown): void => {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw new MetricError(where, `${noun} = ${show(value)}`, 'a whole number >= 1', `Set ${noun} to e.g. 10.`);
};

/** A setting strictly between two numbers. */
export const requireBetween = (where: string, noun: string, value: unknown, low: number, high: number): void => {
  if (typeof value === 'number' && value > low && value < high) return;
  throw new MetricError(
    where,
    `${noun} = ${show(value)}`,
    `a number between ${low} and ${high}, both excluded`,
    `Set ${noun} inside the range.`,
  );
};

/** A setting out of a few words. */
export const requireChoice = (where: string, noun: string, value: unknown, choices: readonly string[]): void => {
  if (choices.includes(value as string)) return;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new MetricError(where, `${noun} = ${show(value)}`, `one of ${list}`, 'Choose one of them, or leave it out.');
};
